using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Actors.Http;

[Description("An error: RFC 9457 problem details with a stable code and a hint for people.")]
internal sealed record Problem(
    [Description("The status in words.")] string Title,
    [Description("HTTP status.")] int Status,
    [Description("Stable code in snake_case.")] string Code,
    [Description("What went wrong.")] string Detail,
    [Description("What to do about it.")] string Hint)
{
    [Description("What is wrong with the request, for status 400: at most the first 100 faults.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Fault>? Errors { get; init; }

    [Description("The fact that holds instead, or is in the way, for status 409. Absent: there is none.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? CurrentFactId { get; init; }

    [Description("Whether the write may have happened all the same. Absent: it did not.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OutcomeUnknown { get; init; }

    /// <summary>Seconds after which to try again; also sent as <c>Retry-After</c>.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }

    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this, ApiJson.Answers.Problem)!;
}

/// <summary>Writes problems as responses.</summary>
internal static class ProblemResponse
{
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsJsonAsync(
            problem, ApiJson.Answers.Problem, "application/problem+json", context.RequestAborted);
    }
}
