using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Claims;

namespace Actors.Access;

/// <summary>Who sent a request: an API key and what it was issued for. Bound from the request in route handlers.</summary>
/// <param name="KeyId">Id of the key.</param>
/// <param name="Name">Name of the key; stands as the actor in histories.</param>
/// <param name="Role">What it may do.</param>
/// <param name="ClientIds">The clients it was issued for; without meaning for admins, who may see all.</param>
internal sealed record Caller(Guid KeyId, string Name, CallerRole Role, FrozenSet<string> ClientIds)
{
    public bool IsAdmin => Role == CallerRole.Admin;

    /// <summary>Whether rows of this client are visible; null is the house, whose shared facts everybody may read.</summary>
    public bool MayRead(string? clientId) => IsAdmin || clientId is null || ClientIds.Contains(clientId);

    /// <summary>The only client a key was issued for; null: there are several, or it is an admin's.</summary>
    public string? OnlyClientId => !IsAdmin && ClientIds.Count == 1 ? ClientIds.Single() : null;

    /// <summary>Whose rows are visible.</summary>
    public ClientVisibility Visibility => new(IsAdmin ? default : [.. ClientIds]);

    /// <summary>To be asked for every client id a request names, before anything is looked up; null: it names none.</summary>
    /// <exception cref="ForbiddenException">The key was not issued for that client, whether it exists or not.</exception>
    public void EnsureMayRead(string? clientId)
    {
        if (!MayRead(clientId))
        {
            throw ForbiddenException.OtherClient();
        }
    }

    /// <summary>Minimal APIs bind handler parameters of this type with it.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(Find(context));

    /// <summary>Who sent a request that needs a key.</summary>
    public static Caller Of(HttpContext context) =>
        Find(context) ?? throw new InvalidOperationException("The route lets in requests without a key.");

    private static Caller? Find(HttpContext context) => (context.User.Identity as CallerIdentity)?.Caller;
}

/// <summary>The caller as ASP.NET Core carries it through a request.</summary>
internal sealed class CallerIdentity(Caller caller, RequestBudget? budget = null) : ClaimsIdentity(
    [new Claim(ClaimTypes.Role, caller.Role.ToString())], ApiKeyAuthentication.SchemeName)
{
    public Caller Caller => caller;

    /// <summary>What its key may still send; null: as much as it likes.</summary>
    public RequestBudget? Budget => budget;
}

/// <summary>The key is known, but was not issued for this: 403.</summary>
internal sealed class ForbiddenException(string code, string message) : Exception(message)
{
    public string Code => code;

    public string Hint { get; init; } = "Use a key that was issued for it.";

    public static ForbiddenException OtherClient() => new("client_forbidden", "This key was not issued for that client.");

    public static ForbiddenException ForAdmins() => new("role_forbidden", "Only admin keys may do this.");

    public static ForbiddenException NotForReaders() => new("role_forbidden", "A reader's key may not change anything.");

    public static ForbiddenException OtherSite() => new("cross_site_request", "Another site made the browser send this request.")
    {
        Hint = "Open the service's own page, or send the key in the header Authorization.",
    };
}
