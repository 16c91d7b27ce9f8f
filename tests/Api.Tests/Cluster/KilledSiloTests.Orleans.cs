using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Cluster;

/// <summary>Acknowledged means durable, and a silo that is gone is missed for seconds only.</summary>
public class KilledSiloTests
{
    private const int Memories = 100;
    private const int Facts = 100;
    private const int Clients = 10;
    private static readonly TimeSpan OutageLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task kill_9_of_a_silo_with_200_writes_in_flight_loses_nothing_acknowledged_and_all_answers_again_within_30_s()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, apis: 2);
        var client = cluster.Apis[0].Client;
        var facts = await Task.WhenAll(Enumerable.Range(0, Facts).Select(i => CreateFactAsync(client, i)));
        var remembering = Enumerable.Range(0, Memories).Select(i => RememberAsync(client, i)).ToList();
        var changing = facts.Select((fact, i) => ChangeFactAsync(client, fact, i)).ToList();
        await Task.WhenAny([.. remembering, .. changing]);

        await cluster.Silos[0].Process.KillAsync();

        var answersAgain = AnswersAgainAsync(new PatientClient(client)).WaitAsync(OutageLimit, TestContext.Current.CancellationToken);
        var remembered = (await Task.WhenAll(remembering)).OfType<(Guid Id, string Client, string Content)>().ToList();
        var changed = (await Task.WhenAll(changing)).OfType<(Guid Id, string Content)>().ToList();
        await answersAgain;

        TestContext.Current.SendDiagnosticMessage($"{remembered.Count} of {Memories} memories and {changed.Count} of {Facts} changes acknowledged");
        foreach (var ofClient in remembered.GroupBy(memory => memory.Client))
        {
            var stored = await cluster.Apis[1].Client.ListEventsAsync(ofClient.Key);
            Assert.Empty(ofClient.Select(memory => (memory.Id, memory.Content)).Except(stored));
            Assert.Equal(stored.Count, stored.Select(memory => memory.Content).Distinct().Count());
        }

        foreach (var (id, content) in changed)
        {
            var fact = await cluster.Apis[1].Client.GetFromJsonAsync<JsonNode>($"/api/v1/memory/facts/{id}", TestContext.Current.CancellationToken);
            Assert.Equal(content, fact!["content"]!.GetValue<string>());
            Assert.Null(fact["valid_to"]);
        }
    }

    private static string ClientOf(int i) => $"killed{i % Clients}";

    // Every client's session, so those of the dead silo too.
    private static Task AnswersAgainAsync(PatientClient client) => Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        Assert.Equal(201, (await client.PostAsync("/api/v1/memory/remember", new { client_id = ClientOf(i), content = $"After the death of a silo, {i}." })).Status)));

    private static async Task<(Guid Id, string Client, string Content)?> RememberAsync(HttpClient client, int i)
    {
        var content = $"word{i} written while a silo was killed";
        var memory = await PostAsync(client, "/api/v1/memory/remember", new { client_id = ClientOf(i), content });
        return memory is null ? null : (memory["memory_id"]!.GetValue<Guid>(), ClientOf(i), content);
    }

    private static async Task<Guid> CreateFactAsync(HttpClient client, int i)
    {
        var fact = await PostAsync(client, "/api/v1/memory/facts", new
        {
            client_id = ClientOf(i), subject_type = "thing", subject_id = $"{i}", fact_type = "state", fact_key = "state", content = "Before.",
        });
        return fact?["fact_id"]?.GetValue<Guid>() ?? throw new InvalidOperationException("A fact was refused while both silos were there.");
    }

    private static async Task<(Guid Id, string Content)?> ChangeFactAsync(HttpClient client, Guid factId, int i)
    {
        var content = $"Changed {i}.";
        var fact = await PostAsync(client, $"/api/v1/memory/facts/{factId}/update", new { content });
        return fact is null ? null : (fact["fact_id"]!.GetValue<Guid>(), content);
    }

    // Without a key, so that nobody repeats it: what is acknowledged must be there, and what is not promises nothing.
    private static async Task<JsonNode?> PostAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            Assert.NotNull(response.Headers.RetryAfter);
            return null;
        }

        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text);
    }
}
