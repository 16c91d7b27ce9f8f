using System.Text.Encodings.Web;
using Actors.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Actors.Access;

/// <summary>Takes <c>Authorization: Bearer &lt;api key&gt;</c>, or without that header the cookie of a browser session.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyTable keys, BrowserSessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Bearer = "Bearer ";

    /// <summary>401, whatever is wrong with a key.</summary>
    public static Problem Unauthorized { get; } = new(
        "Unauthorized", 401, "unauthorized", "The request carries no key that is known here.",
        $"Send the header Authorization: Bearer <api key>; the first key stands in the data folder's {AdminKeyFile.Name}.");

    /// <summary>Whether a request that was let in came with a cookie: a header, right or wrong, leaves the cookie unread.</summary>
    public static bool CameByCookie(HttpRequest request) => request.Headers.Authorization.Count == 0;

    /// <summary>The secret a request that was let in came with; null: it came with a cookie.</summary>
    public static string? SecretOf(HttpRequest request) =>
        CameByCookie(request) ? null : request.Headers.Authorization.ToString()[Bearer.Length..].Trim();

    // Whatever is wrong with a key, the answer is the same.
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        (CameByCookie(Request) ? OfCookie() : OfHeader()) is { } key ? AuthenticateResult.Success(key.Ticket) : AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        keys.EnsureLoaded();
        if (BrowserPage.IsAskedForBy(Context))
        {
            Response.Redirect(LoginPage.AddressFor(Request));
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemResponse.WriteAsync(Context, Unauthorized);
    }

    private KnownKey? OfHeader()
    {
        var header = Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? keys.Find(header.AsSpan(Bearer.Length).Trim()) : null;
    }

    private KnownKey? OfCookie() =>
        Request.Cookies[BrowserSessions.CookieName] is { } cookie && sessions.FindKey(cookie) is { } keyId ? keys.Find(keyId) : null;
}
