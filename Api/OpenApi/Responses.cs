using System.Text.Json.Nodes;
using Actors.Http;
using Actors.Idempotency;

namespace Actors.OpenApi;

/// <summary>The answers of an operation, good and bad, by status.</summary>
internal static class Responses
{
    private static readonly HeaderDoc RetryAfter = new("Retry-After", "Seconds after which to try again.", new JsonObject { ["type"] = "integer", ["minimum"] = 0 });
    private static readonly HeaderDoc Authenticate = new("WWW-Authenticate", "How to say who calls: `Bearer`.");
    private static readonly HeaderDoc Replayed = new(IdempotentWrites.ReplayedHeader, "`true`: the answer to an earlier request with the same Idempotency-Key.", IsAlwaysThere: false);

    public static JsonObject Of(DescribedRoute route)
    {
        var responses = new JsonObject();
        foreach (var answer in route.Doc.Answers)
        {
            responses[$"{answer.Status}"] = Response(answer, route.TakesIdempotencyKey ? [.. answer.Headers, Replayed] : answer.Headers);
        }

        var refusals = CommonRefusals.Of(route).Concat(route.Doc.Refusals.Select(error => Api.Errors.ProblemOf(error, route.IsRead)));
        foreach (var problems in refusals.GroupBy(problem => problem.Status).OrderBy(group => group.Key))
        {
            responses[$"{problems.Key}"] = Response([.. problems]);
        }

        return responses;
    }

    private static JsonObject Response(AnswerDoc answer, IReadOnlyList<HeaderDoc> headers)
    {
        var response = Response(answer.Description, headers);
        if (answer.Schema is { } schema)
        {
            var content = Content(answer.ContentType, schema, answer.Examples);
            if (answer.Stream is { } stream)
            {
                content["text/event-stream"] = Content("text/event-stream", Schemas.Text(), [("stream", stream)])["text/event-stream"]!.DeepClone();
            }

            response["content"] = content;
        }

        return response;
    }

    private static JsonObject Response(IReadOnlyList<Problem> problems)
    {
        var codes = problems.Select(problem => problem.Code).Distinct();
        IEnumerable<HeaderDoc> headers =
        [
            .. problems.Any(problem => problem.RetryAfterSeconds is not null) ? [RetryAfter] : Array.Empty<HeaderDoc>(),
            .. problems[0].Status == StatusCodes.Status401Unauthorized ? [Authenticate] : Array.Empty<HeaderDoc>(),
        ];
        var response = Response($"{problems[0].Title}: `{string.Join("`, `", codes)}`.", [.. headers]);
        response["content"] = Content("application/problem+json", AnswerSchemas.Of(typeof(Problem)), problems.DistinctBy(p => p.Code).Select(p => (p.Code, p.ToJson())));
        return response;
    }

    private static JsonObject Response(string description, IReadOnlyList<HeaderDoc> headers)
    {
        var response = new JsonObject { ["description"] = description };
        if (headers.Count > 0)
        {
            response["headers"] = new JsonObject(headers.Select(header => KeyValuePair.Create(header.Name, (JsonNode?)new JsonObject
            {
                ["description"] = header.Description,
                ["required"] = header.IsAlwaysThere,
                ["schema"] = header.Schema?.DeepClone() ?? Schemas.Text(),
            })));
        }

        return response;
    }

    /// <summary>A body of one type with its examples.</summary>
    public static JsonObject Content(string type, JsonObject schema, IEnumerable<(string Name, JsonNode Value)> examples) => new()
    {
        [type] = new JsonObject
        {
            ["schema"] = schema.DeepClone(),
            ["examples"] = new JsonObject(examples.Select(e => KeyValuePair.Create(e.Name, (JsonNode?)new JsonObject { ["value"] = e.Value.DeepClone() }))),
        },
    };
}
