using System.Text.Json.Nodes;
using Actors.Access;
using Actors.Http;
using Actors.Idempotency;

namespace Actors.OpenApi;

/// <summary>The OpenAPI 3.1 document, from the routes that describe themselves.</summary>
internal static class ApiDocument
{
    private const string Introduction =
        """
        The backend an AI agent keeps its memory in: `remember` what happened, `recall` what matters for a question, keep facts on two
        time axes.

        Bodies and answers are JSON in snake_case, in UTF-8. Times are RFC 3339 with an offset. A member or parameter that is not
        known is an error, so that a misspelt one is not lost in silence; JSON null and an empty parameter count as absent. Errors
        are RFC 9457 problem details with a stable `code` and a `hint` for people; 400 lists all that is wrong at once.
        """;

    public static JsonObject Of(IEnumerable<Endpoint> endpoints)
    {
        var routes = DescribedRoute.AllOf(endpoints).ToList();
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            if (paths[route.Path] is not JsonObject path)
            {
                paths[route.Path] = path = [];
            }

            path[route.Method.ToLowerInvariant()] = Operation(route);
        }

        var named = new NamedSchemas();
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Planner & Memory",
                ["summary"] = "Memory and plans for AI agents.",
                ["description"] = Introduction,
                ["version"] = typeof(ApiDocument).Assembly.GetName().Version!.ToString(fieldCount: 3),
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The service this document came from." }),
            ["tags"] = new JsonArray([.. routes.Select(r => r.Doc.Tag).Distinct().Select(
                tag => (JsonNode)new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description })]),
            ["paths"] = named.TakeOutOf(paths),
            ["components"] = new JsonObject { ["schemas"] = named.ToJson(), ["securitySchemes"] = SecuritySchemes() },
        };
    }

    private static JsonObject Operation(DescribedRoute route)
    {
        var doc = route.Doc;
        var operation = new JsonObject
        {
            ["operationId"] = doc.Id,
            ["summary"] = doc.Summary,
            ["description"] = doc.Description,
            ["tags"] = new JsonArray(doc.Tag.Name),
            ["security"] = route.NeedsKey ? new JsonArray(Scheme("bearer"), Scheme("session")) : [],
        };
        var parameters = doc.Parameters.Select(field => Parameter(field, route.IsInPath(field) ? "path" : "query"));
        if (route.TakesIdempotencyKey)
        {
            parameters = parameters.Append(Parameter(IdempotencyHeader, "header"));
        }

        if (doc.TakesIfMatch)
        {
            parameters = parameters.Append(Parameter(IfMatchHeader, "header"));
        }

        if (parameters.Any())
        {
            operation["parameters"] = new JsonArray([.. parameters]);
        }

        if (doc.Body is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = Responses.Content(body.ContentType, body.Schema, body.Examples.Select(e => (e.Name, JsonNode.Parse(e.Json)!))),
            };
        }

        operation["responses"] = Responses.Of(route);
        return operation;
    }

    // Not filled in, or every try would be a repeat of the first.
    private static Field IdempotencyHeader => new(
        IdempotentWrites.Header,
        Schemas.Text(IdempotencyKey.MaxLength, minLength: 1),
        "Makes a repeat safe: for 24 hours the same key of the same caller for the same path gets the first answer again, and nothing is written twice. Printable ASCII.",
        "5f0c9a52-7f4e-4c55-9c1e-1d6d2c0f7a11") { IsFilledIn = false };

    // Not filled in either: it would be no version of what is tried.
    private static Field IfMatchHeader => new(
        EntityTags.IfMatchHeader,
        Schemas.Text(),
        "The ETag of the version it is meant for, or several with commas between; `*` or absent: any. Another version is left as it is: 412.",
        "\"1795510800000000\"") { IsFilledIn = false };

    private static JsonObject Parameter(Field field, string place)
    {
        var schema = (JsonObject)field.Schema.DeepClone();
        if (field.Default is { } value)
        {
            schema["default"] = value.DeepClone();
        }

        var parameter = new JsonObject
        {
            ["name"] = field.Name,
            ["in"] = place,
            ["required"] = place == "path" || field.IsRequired,
            ["description"] = field.Description,
            ["schema"] = schema,
        };
        if (field.IsFilledIn)
        {
            parameter["example"] = field.Example.DeepClone();
        }
        else
        {
            schema["examples"] = new JsonArray(field.Example.DeepClone());
        }

        if ((string?)schema["type"] is "array" or "object")
        {
            // Lists are written with commas between, objects as one parameter for each member.
            (parameter["style"], parameter["explode"]) = ("form", (string?)schema["type"] == "object");
        }

        return parameter;
    }

    private static JsonObject Scheme(string name) => new() { [name] = new JsonArray() };

    private static JsonObject SecuritySchemes() => new()
    {
        ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key: `Authorization: Bearer <key>`." },
        ["session"] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "cookie",
            ["name"] = BrowserSessions.CookieName,
            ["description"] = "For pages in a browser: the cookie that `/login` makes from a key.",
        },
    };
}
