using Actors.Api;
using Microsoft.AspNetCore.Http.Features;

namespace Actors.Facts;

/// <summary>
/// The entity in <c>/subjects/{type}/{id}</c>, percent-decoded from the address as it was sent: the framework leaves
/// <c>%2F</c> as it is, so that in its values a slash looks like <c>%252F</c>.
/// </summary>
internal static class SubjectPath
{
    /// <exception cref="NotFoundException">The address was written in a roundabout way, such as <c>/a/../b</c>.</exception>
    public static (string Type, string Id) Of(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        return path.TrimEnd('/').Split('/') is [.., var parent, var type, var id] && parent.Equals("subjects", StringComparison.OrdinalIgnoreCase)
            ? (Uri.UnescapeDataString(type), Uri.UnescapeDataString(id))
            : throw new NotFoundException("There is nothing at this address.");
    }
}
