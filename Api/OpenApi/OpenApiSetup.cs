using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Actors.Http;
using Microsoft.Net.Http.Headers;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Actors.OpenApi;

/// <summary>The OpenAPI document and the page to try it. Both are for everybody: they hold no data.</summary>
internal static class OpenApiSetup
{
    private const string DocumentPath = "/openapi/v1.json";

    /// <summary>
    /// All the page needs comes from the service itself. <c>data:</c> is for the icons in its style sheet, the hash names the
    /// one style sheet that its scripts write.
    /// </summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly RouteDoc OfDocument = new(
        "getOpenApiDocument", Ops.OpsDocs.Tag, "This document", "The OpenAPI document of the service. It changes only with the service, which its ETag tells.")
    {
        IsLocal = true,
        Answers =
        [
            AnswerDoc.Json(200, "The document.", Schemas.AnyObject, ("shortened", """{"openapi":"3.1.0","info":{"title":"Planner & Memory","version":"1.0.0"},"paths":{}}""")) with
            {
                Headers = [new HeaderDoc("ETag", "Names this version of the document.")],
            },
            new AnswerDoc(304, "The version that `If-None-Match` names is still the present one."),
        ],
    };

    /// <summary>Maps both. The document tells of all routes there are when it is first asked for.</summary>
    public static void MapOpenApi(this WebApplication app)
    {
        var served = new Lazy<ServedDocument>(() => ServedDocument.Of(app.Services.GetRequiredService<EndpointDataSource>().Endpoints));
        app.MapGet(DocumentPath, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(served.Value.Bytes, "application/json", entityTag: served.Value.Tag);
        }).AllowAnonymous().Describes(() => OfDocument);

        app.MapSwaggerUI("docs", page =>
        {
            page.DocumentTitle = "Planner & Memory";
            page.SwaggerEndpoint(DocumentPath, "Planner & Memory");
            page.ConfigObject.DocExpansion = DocExpansion.List;
            page.ConfigObject.DisplayOperationId = true;
        }).AllowAnonymous().Add(page =>
        {
            var next = page.RequestDelegate!;
            page.RequestDelegate = context =>
            {
                context.Response.Headers.ContentSecurityPolicy = PagePolicy;
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return next(context);
            };
        });
    }

    private sealed record ServedDocument(byte[] Bytes, EntityTagHeaderValue Tag)
    {
        public static ServedDocument Of(IReadOnlyList<Endpoint> endpoints)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(ApiDocument.Of(endpoints), Readable);
            return new ServedDocument(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\""));
        }
    }
}
