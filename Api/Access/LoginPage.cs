using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Actors.Access;

/// <summary>The page at <c>/login</c>: one form, nothing loaded from anywhere.</summary>
internal static class LoginPage
{
    private const string DefaultReturn = "/docs";
    private const int MaxReturnLength = 2_048;

    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1rem}"
        + "input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0}"
        + ".fault{color:#b00020}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The page's address for somebody who asked for another page first.</summary>
    public static string AddressFor(HttpRequest asked) =>
        $"/login?return={Uri.EscapeDataString(asked.Path.ToUriComponent() + asked.QueryString.ToUriComponent())}";

    /// <summary>
    /// Where to go after signing in: an address of this service, whatever the parameter says. Browsers take two slashes, or
    /// a slash and a backslash, as the start of another host, and leave out blanks and control characters.
    /// </summary>
    public static string ReturnPath(HttpRequest http)
    {
        var path = http.Query["return"].ToString();
        var isOurs = path.Length is > 0 and <= MaxReturnLength
            && path[0] == '/'
            && !path.StartsWith("//", StringComparison.Ordinal)
            && path.All(c => c is > ' ' and < '\x7f' and not '\\');
        return isOurs ? path : DefaultReturn;
    }

    public static IResult Write(HttpRequest http, string? signedInAs, string? fault, int status)
    {
        var headers = http.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: with that, browsers hide the origin of the form from us too.
        headers["Referrer-Policy"] = "same-origin";
        return Results.Content(Html(ReturnPath(http), signedInAs, fault), "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    private static string Html(string returnPath, string? signedInAs, string? fault) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Sign in - Planner &amp; Memory</title>
        <style>{Style}</style>
        </head>
        <body>
        <h1>Planner &amp; Memory</h1>
        {(signedInAs is null ? "" : SignedIn(signedInAs))}
        {(fault is null ? "" : $"<p class=\"fault\" role=\"alert\">{fault}</p>")}
        <form method="post" action="/login?return={Uri.EscapeDataString(returnPath)}">
        <label for="key">API key</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
        <button>Sign in</button>
        </form>
        </body>
        </html>
        """;

    private static string SignedIn(string name) =>
        $"""
        <p>Signed in with the key {HtmlEncoder.Default.Encode(name)}.</p>
        <form method="post" action="/logout"><button>Sign out</button></form>
        """;
}
