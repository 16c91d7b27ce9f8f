using Actors.Http;
using Microsoft.AspNetCore.Authorization;

namespace Actors.Access;

/// <summary>
/// What a key that is known may do, decided in one place before any handler runs: a route that says nothing takes writes of
/// agents and admins only.
/// </summary>
internal sealed class AccessGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (context.User.Identity is not CallerIdentity identity || endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return next(context);
        }

        if (identity.Budget?.TrySpend() is { } seconds)
        {
            return ProblemResponse.WriteAsync(context, RateLimited(seconds));
        }

        var mayChangeThings = !IsRead(context.Request.Method);
        if (mayChangeThings && ApiKeyAuthentication.CameByCookie(context.Request))
        {
            CrossSite.Refuse(context.Request);
        }

        // That an address or method is unknown is told to everybody.
        if (endpoint is RouteEndpoint)
        {
            Ensure(identity.Caller.Role, endpoint.Metadata, mayChangeThings);
        }

        return next(context);
    }

    /// <summary>429, the same for requests and for signing in.</summary>
    public static Problem RateLimited(int seconds) =>
        new("Too Many Requests", 429, "rate_limited", "The key has sent more requests than its limit allows.", "Try again after the time in Retry-After.")
        {
            RetryAfterSeconds = seconds,
        };

    private static void Ensure(CallerRole role, EndpointMetadataCollection route, bool mayChangeThings)
    {
        if (role != CallerRole.Admin && route.GetMetadata<AdminsOnly>() is not null)
        {
            throw ForbiddenException.ForAdmins();
        }

        if (role == CallerRole.Reader && mayChangeThings && route.GetMetadata<Api.ReadsOnly>() is null)
        {
            throw ForbiddenException.NotForReaders();
        }
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}

/// <summary>Endpoint metadata: for admin keys.</summary>
internal sealed class AdminsOnly;

/// <summary>What routes say about access.</summary>
internal static class AccessConventions
{
    /// <summary>Only admin keys.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AdminsOnly());

    /// <summary>A page for people: a browser that has not signed in is sent to <c>/login</c>.</summary>
    public static TBuilder IsBrowserPage<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new BrowserPage());
}
