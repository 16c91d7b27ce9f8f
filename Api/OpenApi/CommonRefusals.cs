using Actors.Access;
using Actors.Api;
using Actors.Hosting;
using Actors.Http;
using Actors.Idempotency;
using Actors.Sessions;
using Actors.Storage;

namespace Actors.OpenApi;

/// <summary>The errors every route of a kind may end with, each as the problem that is really sent.</summary>
internal static class CommonRefusals
{
    public static IEnumerable<Problem> Of(DescribedRoute route)
    {
        if (route.FaultExample is { } fault)
        {
            yield return Sent(new InvalidRequestException([fault]));
        }

        if (route.NeedsKey)
        {
            yield return ApiKeyAuthentication.Unauthorized;
            yield return AccessGate.RateLimited(seconds: 1);
        }

        foreach (var refusal in Forbidden(route))
        {
            yield return Sent(refusal);
        }

        if (route.Doc.Body is { } body)
        {
            yield return Sent(JsonBody.TooLarge(body.MaxLineBytes ?? HttpSetup.MaxBodyBytes));
            yield return Sent(new UnsupportedBodyException(body.ContentType));
        }

        if (route.TakesIdempotencyKey)
        {
            yield return Sent(new IdempotencyKeyReusedException());
        }

        if (route.Doc.TakesIfMatch)
        {
            yield return Sent(new VersionMismatchException());
        }

        foreach (var failure in route.Doc.IsLocal ? [] : Unavailable(route))
        {
            yield return Sent(failure);
        }

        Problem Sent(Exception error) => Errors.ProblemOf(error, route.IsRead);
    }

    private static IEnumerable<ForbiddenException> Forbidden(DescribedRoute route) =>
    [
        .. route.NamesClient ? [ForbiddenException.OtherClient()] : Array.Empty<ForbiddenException>(),
        .. route.IsForAdmins ? [ForbiddenException.ForAdmins()] : route is { NeedsKey: true, IsRead: false } ? [ForbiddenException.NotForReaders()] : Array.Empty<ForbiddenException>(),
        // The gate does not ask what a route does, only which method it is called by.
        .. route.NeedsKey && !HttpMethods.IsGet(route.Method) ? [ForbiddenException.OtherSite()] : Array.Empty<ForbiddenException>(),
    ];

    private static Exception[] Unavailable(DescribedRoute route)
    {
        Exception[] ofAll = [new StorageUnavailableException("Postgres cannot be reached."), new LimitExceededException(""), new TimeoutException()];
        Exception[] ofWrites =
        [
            new WritesSuspendedException("This host has lost its lock on the database and may not write."),
            new OutcomeUnknownException("The connection broke before the commit was confirmed."),
            // Keys are not written through a client's session.
            .. route.IsForAdmins ? Array.Empty<Exception>() :
            [
                new SessionBusyException("Too much waits for this client's commits."),
                new SessionLoadingException("The client's memories are being read into memory, which takes longer than a request waits."),
            ],
        ];
        return route.IsRead ? ofAll : [.. ofAll, .. ofWrites];
    }
}
