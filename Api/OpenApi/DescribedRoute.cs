using System.Text.Json.Nodes;
using Actors.Access;
using Actors.Api;
using Actors.Http;
using Microsoft.AspNetCore.Authorization;

namespace Actors.OpenApi;

/// <summary>A route with what it says of itself and what its endpoint shows.</summary>
internal sealed class DescribedRoute(RouteEndpoint endpoint, RouteDoc doc, string method)
{
    private readonly HashSet<string> _pathNames = [.. endpoint.RoutePattern.Parameters.Select(p => p.Name)];

    public RouteDoc Doc => doc;

    public string Method => method;

    /// <summary>The root of a group of routes is the group's address, without the slash that its pattern ends with.</summary>
    public string Path => endpoint.RoutePattern.RawText!.TrimEnd('/');

    public bool NeedsKey => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;

    public bool IsForAdmins => endpoint.Metadata.GetMetadata<AdminsOnly>() is not null;

    public bool IsRead => HttpMethods.IsGet(method) || endpoint.Metadata.GetMetadata<ReadsOnly>() is not null;

    /// <summary>Whether a repeat can be recognised by its Idempotency-Key: a stream would have to be read before it is known.</summary>
    public bool TakesIdempotencyKey => HttpMethods.IsPost(method) && !IsRead && doc.Body is not { IsStream: true };

    /// <summary>Whether the request says whose data it is about.</summary>
    public bool NamesClient => QueryFields.Any(f => f.Name == "client_id") || BodyObject?["properties"]?["client_id"] is not null;

    /// <summary>A fault its 400 could name; null: nothing in the request can have the wrong shape.</summary>
    public Fault? FaultExample =>
        doc.Body is { IsStream: true } ? null
        : BodyObject?["required"]?[0] is { } member ? new Fault($"/{member}", "is required")
        : QueryFields.FirstOrDefault(f => f.IsRequired) is { } required ? new Fault($"query:{required.Name}", "is required")
        : doc.TakesIfMatch && BodyObject is null ? new Fault("header:" + EntityTags.IfMatchHeader, EntityTags.Expected)
        : BodyObject is not null ? new Fault("/nonsense", "is not known here")
        : QueryFields.Any() ? new Fault("query:nonsense", "is not known here")
        : null;

    /// <summary>The routes that describe themselves, in the order they were mapped.</summary>
    public static IEnumerable<DescribedRoute> AllOf(IEnumerable<Endpoint> endpoints) =>
        from endpoint in endpoints.OfType<RouteEndpoint>()
        let description = endpoint.Metadata.GetMetadata<RouteDescription>()
        where description is not null
        let doc = description.Doc()
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select new DescribedRoute(endpoint, doc, method);

    public bool IsInPath(Field parameter) => _pathNames.Contains(parameter.Name);

    private IEnumerable<Field> QueryFields => doc.Parameters.Where(parameter => !IsInPath(parameter));

    // Where a body may be of several shapes, the first is the usual one.
    private JsonNode? BodyObject => doc.Body?.Schema["anyOf"]?[0] ?? doc.Body?.Schema;
}
