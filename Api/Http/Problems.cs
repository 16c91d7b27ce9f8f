using System.Text.Json.Serialization;

namespace Actors.Http;

/// <summary>An error answer: RFC 9457 problem details with a stable code and a hint for people.</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code in snake_case.</param>
/// <param name="Detail">What went wrong.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record Problem(string Title, int Status, string Code, string Detail, string Hint)
{
    /// <summary>What is wrong with the request, for status 400.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Fault>? Errors { get; init; }

    /// <summary>Whether a write may have happened all the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OutcomeUnknown { get; init; }

    /// <summary>Seconds after which to try again; also sent as <c>Retry-After</c>.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }
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
