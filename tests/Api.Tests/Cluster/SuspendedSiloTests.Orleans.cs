using System.Net;
using System.Net.Http.Json;
using Actors.Support;

namespace Actors.Api.Tests.Cluster;

/// <summary>A silo that only slept does not know that its grains live elsewhere by now.</summary>
public class SuspendedSiloTests
{
    private const int Clients = 16;

    // Who wrote each event, and when: a silo names itself in its database sessions.
    private const string NoteWriters =
        """
        create table noted_writers (silo text, client_id text, content text, at timestamptz default clock_timestamp());
        create function note_writer() returns trigger language plpgsql as $$
        begin
            insert into noted_writers (silo, client_id, content) values (current_setting('actors.silo', true), new.client_id, new.content);
            return null;
        end $$;
        create trigger note_writer after insert on events for each row execute function note_writer();
        """;

    [Fact]
    public async Task a_silo_stopped_for_longer_than_its_death_vote_and_then_continued_writes_nothing_and_ends()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, apis: 2);
        await cluster.Database.PsqlAsync(NoteWriters);
        var stopped = cluster.Silos[0];
        await Task.WhenAll(RememberEach(cluster.Apis[0], "Before."));
        Assert.Contains($"|{stopped.SiloPort}|", await WritersAsync(cluster.Database, "Before."), StringComparison.Ordinal);

        stopped.Process.Suspend();
        var during = RememberEach(cluster.Apis[0], "During.").ToList();
        await cluster.DeclaredDeadAsync(stopped);
        var patient = new PatientClient(cluster.Apis[1].Client);
        var after = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i =>
            patient.PostAsync("/api/v1/memory/remember", new { client_id = ClientOf(i), content = "After." })));
        var resumedAt = await cluster.Database.PsqlAsync("select clock_timestamp()");
        stopped.Process.Resume();
        await stopped.Process.EndedAsync();
        var acknowledged = await Task.WhenAll(during);

        Assert.All(after, answer => Assert.Equal(201, answer.Status));
        // Its own end, not ours: a silo that is told that it is dead does not go on.
        Assert.Equal("0", await cluster.Database.PsqlAsync(
            $"select count(*) from noted_writers where silo like '%|{stopped.SiloPort}|%' and at > '{resumedAt}'"));
        Assert.DoesNotContain($"|{stopped.SiloPort}|", await WritersAsync(cluster.Database, "During."), StringComparison.Ordinal);
        Assert.DoesNotContain($"|{stopped.SiloPort}|", await WritersAsync(cluster.Database, "After."), StringComparison.Ordinal);
        Assert.All(acknowledged, status => Assert.Contains(status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]));
        foreach (var client in Enumerable.Range(0, Clients).Select(ClientOf))
        {
            var stored = (await cluster.Database.PsqlAsync($"select id from events where client_id = '{client}'")).Split('\n').Select(Guid.Parse);
            var recalled = await cluster.Apis[1].Client.ListEventsAsync(client);
            Assert.Equal(stored.Order(), recalled.Select(memory => memory.Id).Order());
        }
    }

    private static string ClientOf(int i) => $"slept{i}";

    private static IEnumerable<Task<HttpStatusCode>> RememberEach(ServiceProcess api, string content) =>
        Enumerable.Range(0, Clients).Select(i => RememberAsync(api.Client, ClientOf(i), content));

    private static async Task<HttpStatusCode> RememberAsync(HttpClient client, string clientId, string content)
    {
        using var response = await client.PostAsJsonAsync(
            "/api/v1/memory/remember", new { client_id = clientId, content }, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static Task<string> WritersAsync(TestDatabase database, string content) =>
        database.PsqlAsync($"select distinct silo from noted_writers where content = '{content}'");
}
