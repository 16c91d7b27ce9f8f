using System.Text.Json.Nodes;

namespace Actors.OpenApi;

/// <summary>
/// What a route does, told beside its mapping; the OpenAPI document is made of these. What the endpoint itself shows (path,
/// methods, whether it needs a key) and what follows for every route of its kind (<see cref="CommonRefusals"/>) is not
/// repeated here.
/// </summary>
/// <param name="Id">Name of the operation in generated clients.</param>
/// <param name="Tag">Chapter it stands in.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Description">What a caller must know, in Markdown.</param>
internal sealed record RouteDoc(string Id, RouteTag Tag, string Summary, string Description)
{
    /// <summary>Parameters; those the path names are of the path, the others of the query.</summary>
    public Field[] Parameters { get; init; } = [];

    /// <summary>The JSON body it takes; null: none.</summary>
    public BodyDoc? Body { get; init; }

    /// <summary>What it answers when all went well.</summary>
    public required AnswerDoc[] Answers { get; init; }

    /// <summary>Whether the header <c>If-Match</c> can name the version it is meant for.</summary>
    public bool TakesIfMatch { get; init; }

    /// <summary>Answered by this process alone, without grains and Postgres.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Errors of its own. The document shows the problem that <see cref="Api.Errors"/> makes of each.</summary>
    public Exception[] Refusals { get; init; } = [];
}

/// <summary>A chapter of the document.</summary>
internal sealed record RouteTag(string Name, string Description);

/// <summary>A request's body.</summary>
/// <param name="Schema">See <see cref="Schemas"/>.</param>
/// <param name="Examples">By name; each as JSON.</param>
internal sealed record BodyDoc(JsonObject Schema, params (string Name, string Json)[] Examples)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>Of a body that is read as a stream of lines, how long each may be; null: it is read as a whole.</summary>
    public int? MaxLineBytes { get; init; }

    public bool IsStream => MaxLineBytes is not null;
}

/// <summary>An answer that is no error.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Description">When it is given.</param>
internal sealed record AnswerDoc(int Status, string Description)
{
    public string ContentType { get; private init; } = "application/json";

    /// <summary>Null: no body.</summary>
    public JsonObject? Schema { get; private init; }

    /// <summary>By name.</summary>
    public (string Name, JsonNode Value)[] Examples { get; private init; } = [];

    /// <summary>Example of the server-sent events it is for those who accept them; null: it is never a stream.</summary>
    public string? Stream { get; init; }

    /// <summary>Headers it carries.</summary>
    public HeaderDoc[] Headers { get; init; } = [];

    /// <summary>A record as JSON; the schema is the record's.</summary>
    public static AnswerDoc Json<T>(int status, string description, string example) =>
        Json(status, description, AnswerSchemas.Of(typeof(T)), ("example", example));

    /// <summary>A record as JSON, with its version as <c>ETag</c>.</summary>
    public static AnswerDoc Versioned<T>(int status, string description, string example) =>
        Json<T>(status, description, example) with { Headers = [new HeaderDoc("ETag", "Its version, for `If-Match`; changes with every change, by whomever.")] };

    public static AnswerDoc Json(int status, string description, JsonObject schema, params (string Name, string Json)[] examples) =>
        new(status, description) { Schema = schema, Examples = [.. examples.Select(e => (e.Name, JsonNode.Parse(e.Json)!))] };

    public static AnswerDoc Text(int status, string description, string contentType, string example) =>
        new(status, description) { ContentType = contentType, Schema = Schemas.Text(), Examples = [("example", example)] };
}

/// <summary>A header of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says.</param>
/// <param name="Schema">What it may hold; null: any text.</param>
/// <param name="IsAlwaysThere">Whether every such answer has it.</param>
internal sealed record HeaderDoc(string Name, string Description, JsonObject? Schema = null, bool IsAlwaysThere = true);

/// <summary>Endpoint metadata: where to find what the route says of itself.</summary>
internal sealed record RouteDescription(Func<RouteDoc> Doc);

internal static class RouteDocs
{
    /// <summary>Puts the route into the OpenAPI document. What it says is made when the document is first asked for, not at the start.</summary>
    public static TBuilder Describes<TBuilder>(this TBuilder route, Func<RouteDoc> doc)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteDescription(doc));
}
