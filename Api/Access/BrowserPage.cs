namespace Actors.Access;

/// <summary>Endpoint metadata: a page for people, who are sent to sign in when they have not.</summary>
internal sealed class BrowserPage
{
    /// <summary>Whether a browser asks for such a page.</summary>
    public static bool IsAskedForBy(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.GetEndpoint()?.Metadata.GetMetadata<BrowserPage>() is not null
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Tells requests of our own pages from those that another site makes a browser send. The session cookie is SameSite=Strict,
/// which stops other sites; this also stops neighbours under the same domain.
/// </summary>
internal static class CrossSite
{
    /// <exception cref="ForbiddenException">The browser says that another site is behind the request.</exception>
    public static void Refuse(HttpRequest request)
    {
        // Sent by every browser of today to https and to the own machine, and not to be forged by a page.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isOwn = site.Length > 0
            ? site == "same-origin"
            : request.Headers.Origin is not { Count: > 0 } origin || IsOf(origin.ToString(), request.Host);
        if (!isOwn)
        {
            throw ForbiddenException.OtherSite();
        }
    }

    // Not the scheme: a proxy may have taken TLS away. Host it must pass on.
    private static bool IsOf(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
