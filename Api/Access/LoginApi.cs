using System.Text;
using Actors.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Actors.Access;

/// <summary>Signing in with a browser: a key, sent once, is exchanged for a cookie that holds no key.</summary>
internal static class LoginApi
{
    /// <summary>Largest form: a key has no more than some hundred bytes.</summary>
    private const int MaxFormBytes = 4 * 1024;

    private const string FormType = "application/x-www-form-urlencoded";

    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", Show).AllowAnonymous();
        app.MapPost("/login", SignInAsync).AllowAnonymous();
        app.MapPost("/logout", SignOut).AllowAnonymous();
    }

    private static IResult Show(HttpRequest http) =>
        LoginPage.Write(http, (http.HttpContext.User.Identity as CallerIdentity)?.Caller.Name, fault: null, StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(HttpRequest http, KeyTable keys, BrowserSessions sessions, CancellationToken cancellationToken)
    {
        // Or another site could sign a browser in with a key of its own, and read later what was stored with it.
        CrossSite.Refuse(http);
        if (keys.Find(await ReadKeyAsync(http, cancellationToken)) is not { } key)
        {
            keys.EnsureLoaded();
            return LoginPage.Write(http, signedInAs: null, "This key is not known here.", StatusCodes.Status401Unauthorized);
        }

        if (key.Budget?.TrySpend() is { } seconds)
        {
            await ProblemResponse.WriteAsync(http.HttpContext, AccessGate.RateLimited(seconds));
            return Results.Empty;
        }

        http.HttpContext.Response.Cookies.Append(BrowserSessions.CookieName, sessions.Open(key.Caller.KeyId), Cookie(http, BrowserSessions.Lifetime));
        return SeeOther(http, LoginPage.ReturnPath(http));
    }

    private static IResult SignOut(HttpRequest http, BrowserSessions sessions)
    {
        CrossSite.Refuse(http);
        if (http.Cookies[BrowserSessions.CookieName] is { } cookie)
        {
            sessions.Close(cookie);
        }

        http.HttpContext.Response.Cookies.Delete(BrowserSessions.CookieName, Cookie(http, lifetime: null));
        return SeeOther(http, "/login");
    }

    private static async Task<string> ReadKeyAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        if (http.ContentType?.Split(';')[0].Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new UnsupportedBodyException(FormType);
        }

        var form = await JsonBody.ReadBytesAsync(http, MaxFormBytes, cancellationToken);
        return QueryHelpers.ParseQuery(Encoding.UTF8.GetString(form.Span)).GetValueOrDefault("key").ToString().Trim();
    }

    private static CookieOptions Cookie(HttpRequest http, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // Behind a proxy that took TLS away; who lies about it only gets a cookie that is not sent back.
        Secure = http.IsHttps || http.Headers["X-Forwarded-Proto"] == "https",
        Path = "/",
        MaxAge = lifetime,
    };

    private static IResult SeeOther(HttpRequest http, string address)
    {
        http.HttpContext.Response.Headers.Location = address;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
