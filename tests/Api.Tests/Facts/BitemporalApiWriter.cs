using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Facts;

/// <summary>Writes the facts of one client through the API.</summary>
internal sealed class BitemporalApiWriter(HttpClient service, string client)
{
    public const string SubjectType = "user";

    /// <summary>The subjects of histories are their client's alone.</summary>
    public static string SubjectId(string client, int subject) => $"{client}-{subject}";

    public Task<Outcome> CreateAsync(Belief fact, DateTimeOffset? from, bool change) => SendAsync(
        $"?on_conflict={(change ? "change" : "refuse")}",
        ("client_id", client),
        ("subject_type", SubjectType),
        ("subject_id", SubjectId(client, fact.Subject)),
        ("fact_type", fact.Type),
        ("content", fact.Content),
        ("fact_key", fact.Key),
        ("valid_from", Text(from)),
        ("valid_to", Text(fact.To)));

    public Task<Outcome> UpdateAsync(Guid id, string content, DateTimeOffset? effectiveAt) =>
        SendAsync($"/{id}/update", ("content", content), ("effective_at", Text(effectiveAt)));

    public Task<Outcome> CorrectAsync(Guid id, string? content, DateTimeOffset? from, DateTimeOffset? to, bool isOpenEnded) => SendAsync(
        $"/{id}/correct",
        ("content", content),
        ("valid_from", Text(from)),
        ("valid_to", isOpenEnded ? JsonNull : Text(to)),
        ("reason", "The source was misread."));

    public Task<Outcome> RetractAsync(Guid id) => SendAsync($"/{id}/retract", ("reason", "Nobody ever said so."));

    public async Task RememberAsync(string content)
    {
        using var response = await service.PostAsJsonAsync("/api/v1/memory/remember", new { client_id = client, content }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private const string JsonNull = "null";

    private static string? Text(DateTimeOffset? instant) => instant is null ? null : Instants.Text(instant);

    // Members without a value are left out.
    private async Task<Outcome> SendAsync(string path, params (string Name, string? Value)[] members)
    {
        var body = new JsonObject(members.Where(member => member.Value is not null).Select(
            member => KeyValuePair.Create(member.Name, member.Value == JsonNull ? null : (JsonNode?)member.Value)));
        using var response = await service.PostAsJsonAsync("/api/v1/memory/facts" + path, body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(text)!;
        if (!response.IsSuccessStatusCode)
        {
            return new Outcome { Refusal = $"{(int)response.StatusCode} {answer["code"]}", CurrentFactId = (Guid?)answer["current_fact_id"] };
        }

        var id = (Guid)answer["fact_id"]!;
        return new Outcome
        {
            NewId = id,
            // A retraction answers with the belief that it ended.
            RecordedAt = (DateTimeOffset)(answer["retracted_at"] ?? answer["recorded_at"])!,
            Answered = (id, (DateTimeOffset)answer["valid_from"]!, (DateTimeOffset?)answer["valid_to"]),
        };
    }
}
