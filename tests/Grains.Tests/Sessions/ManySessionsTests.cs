using Actors.Grains.Tests.Facts;
using Actors.Sessions;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Writers of many clients at once, whose commits share transactions.</summary>
public class ManySessionsTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private const int Clients = 32;

    [Fact]
    public async Task two_writers_of_each_of_many_clients_are_each_stored_once_in_the_order_of_versions()
    {
        var clients = Enumerable.Range(0, Clients).Select(_ => fixture.NewClient()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 2 * Clients).Select(async writer =>
        {
            var session = fixture.Session(clients[writer % Clients]);
            for (var i = 0; i < 10; i++)
            {
                await session.RememberAsync($"{writer}/{i}");
            }
        }));

        var ofThem = $"client_id in ('{string.Join("','", clients)}')";
        Assert.Equal("640|640", await fixture.Database.PsqlAsync($"select count(*), count(distinct content) from events where {ofThem}"));
        Assert.Equal("640|0", await fixture.Database.PsqlAsync(
            $"""
            select count(*), count(*) filter (where created_at <= before) from (
                select e.created_at, lag(e.created_at) over (partition by e.client_id order by l.head_version, l.seq) as before
                from events e join change_log l on l.row_id = e.id where e.{ofThem}) stored
            """));
        Assert.Equal("t", await fixture.Database.PsqlAsync(
            $"select bool_and(h.version = l.last) from session_heads h join (select client_id, max(head_version) as last from change_log group by 1) l using (client_id) where {ofThem}"));
    }

    [Fact]
    public async Task what_an_operator_writes_meanwhile_is_taken_over_and_nothing_is_lost()
    {
        var clients = Enumerable.Range(0, 8).Select(_ => fixture.NewClient()).ToArray();

        var agents = clients.Select(async client =>
        {
            for (var i = 0; i < 20; i++)
            {
                await fixture.Session(client).RememberAsync($"agent {i}");
            }
        });
        // In the opposite order of clients, and several in one transaction.
        var values = string.Join(", ", clients.Reverse().Select(client => $"('operator', '{client}')"));
        var operation = fixture.Database.PsqlAsync(string.Concat(Enumerable.Repeat($"insert into events (content, client_id) values {values};", 10)));
        await Task.WhenAll([.. agents, operation]);

        foreach (var client in clients)
        {
            await fixture.Session(client).RememberAsync("the last of the agent");
            Assert.Equal(31, (await fixture.Session(client).RecallAsync("agent operator")).Length);
        }
    }

    [Fact]
    public async Task facts_of_many_clients_that_change_at_once_change_once_each()
    {
        var clients = Enumerable.Range(0, Clients).Select(_ => fixture.NewClient()).ToArray();

        await Task.WhenAll(clients.Select(async client =>
        {
            // One subject, so that all of them share its lock.
            var subject = fixture.Subject(client);
            var fact = await subject.CreateAsync(FactCalls.Fact("0", key: "hours"));
            for (var i = 1; i <= 5; i++)
            {
                fact = (await subject.ChangeAsync(fact.Id, $"{i}")).Fact;
            }

            await subject.CorrectAsync(fact.Id, "corrected");
            Assert.Equal(["corrected"], await fixture.Session(client).RecallFactsAsync("corrected"));
        }));

        var ofThem = $"client_id in ('{string.Join("','", clients)}')";
        Assert.Equal("192|32|32", await fixture.Database.PsqlAsync(
            $"select count(*), count(*) filter (where valid_to is null), count(*) filter (where content = 'corrected') from facts where {ofThem}"));
        Assert.Equal("change|tester||160\ncorrect|tester|it was wrong|32", await fixture.Database.PsqlAsync(
            $"select operation, actor, reason, count(*) from fact_versions where {ofThem} group by 1, 2, 3 order by 1"));
        Assert.Equal("0", await fixture.Database.PsqlAsync(
            $"select count(*) from fact_versions v join facts f on f.id = v.fact_id where f.{ofThem} and f.recorded_at <> v.retracted_at"));
        Assert.Equal("insert|192\nupdate|192", await fixture.Database.PsqlAsync(
            $"select operation, count(*) from change_log where table_name = 'facts' and {ofThem} group by 1 order by 1"));
    }
}
