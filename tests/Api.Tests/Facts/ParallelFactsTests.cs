using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Facts;

/// <summary>Many writers of one subject at once, through the API and through psql: nothing is lost, nothing is there twice.</summary>
[Collection(ServiceTests.Name)]
public class ParallelFactsTests(ServiceFixture service)
{
    private const int Writers = 50;
    private const string Facts = "/api/v1/memory/facts";

    /// <param name="throughPsql">How many of the writers call update_fact_temporal, each in a psql of its own.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task fifty_updates_of_one_fact_at_once_that_follow_the_current_fact_are_all_in_the_history_once(int throughPsql)
    {
        var client = service.NewClient();
        var first = await CreatedAsync(client, "choice 0", null);

        await InParallelAsync(throughPsql, n => FollowAsync(first, $"choice {n}"), n => ChangeByPsqlAsync(client, $"choice {n}"));

        await AssertOneChainAsync(client, first, Enumerable.Range(0, Writers + 1).Select(n => $"choice {n}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task fifty_creates_with_one_key_at_once_that_change_what_holds_it_are_all_in_the_history_once(int throughPsql)
    {
        var client = service.NewClient();
        var first = await CreatedAsync(client, "choice 0", "home");

        await InParallelAsync(throughPsql, n => CreatedAsync(client, $"choice {n}", "home", "?on_conflict=change"), n => ChangeByPsqlAsync(client, $"choice {n}"));

        await AssertOneChainAsync(client, first, Enumerable.Range(0, Writers + 1).Select(n => $"choice {n}"));
        Assert.Equal("1", await service.Database.PsqlAsync($"select count(distinct fact_key) from facts where client_id = '{client}' and fact_key = 'home'"));
    }

    [Fact]
    public async Task of_fifty_creates_with_one_key_at_once_that_refuse_a_conflict_one_is_made_and_named_to_the_others()
    {
        var client = service.NewClient();

        var answers = await Task.WhenAll(Enumerable.Range(1, Writers).Select(n => CreateAsync(client, $"choice {n}", "home", "")));

        var made = Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal(
            (409, "fact_key_taken", (string)made.Body!["fact_id"]!),
            (answer.Status, (string)answer.Body!["code"]!, (string)answer.Body["current_fact_id"]!)));
        Assert.Equal("1", await service.Database.PsqlAsync($"select count(*) from facts where client_id = '{client}'"));
    }

    [Fact]
    public async Task thirty_two_writers_of_memories_and_facts_of_one_client_lose_nothing_acknowledged()
    {
        var client = service.NewClient();
        var memories = new ConcurrentDictionary<string, Guid>();
        var facts = new ConcurrentDictionary<string, Guid>();
        var ended = new ConcurrentDictionary<string, Guid>();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(WriteAsync));

        var events = await service.Client.ListEventsAsync(client);
        Assert.Equal(memories.OrderBy(memory => memory.Key), events.Select(e => KeyValuePair.Create(e.Content, e.Id)).OrderBy(e => e.Key));
        var stored = await service.Database.PsqlAsync($"select content, id from facts where client_id = '{client}'");
        Assert.Equal(facts.Concat(ended).Select(fact => $"{fact.Key}|{fact.Value}").Order(), stored.Split('\n').Order());
        await Task.WhenAll(
            memories.Select(memory => AssertRecalledAsync(memory.Key, "memory_id", memory.Value))
                .Concat(facts.Select(fact => AssertRecalledAsync(fact.Key, "fact_id", fact.Value)))
                .Concat(ended.Select(fact => AssertRecalledAsync(fact.Key, "fact_id", null))));

        async Task WriteAsync(int writer)
        {
            for (var round = 0; round < 5; round++)
            {
                var memory = Word("memory", writer, round);
                memories[memory] = (Guid)(await service.RememberAsync(new { client_id = client, content = memory }))["memory_id"]!;

                var first = Word("first", writer, round);
                var made = await CreatedAsync(client, first, null, subject: $"{client}-{writer % 4}");
                ended[first] = made;

                var second = Word("second", writer, round);
                var (status, body) = await service.PostAsync($"{Facts}/{made}/update", new { content = second });
                Assert.True(status == 200, body?.ToJsonString());
                facts[second] = (Guid)body!["fact_id"]!;
            }
        }

        async Task AssertRecalledAsync(string content, string idName, Guid? id)
        {
            var results = await service.RecallAsync($"client_id={client}&query={content.Split(' ')[0]}");
            Assert.Equal(id is null ? [] : [id], results.Select(result => (Guid?)result![idName]));
        }
    }

    private static string Word(string kind, int writer, int round) => $"{kind}w{writer}r{round} written by many";

    private static Task InParallelAsync(int throughPsql, Func<int, Task> throughApi, Func<int, Task> byPsql) => Task.WhenAll(
        Enumerable.Range(1, Writers).Select(n => Task.Run(() => n % 5 == 0 && n / 5 <= throughPsql ? byPsql(n) : throughApi(n))));

    private Task<string> ChangeByPsqlAsync(string client, string content) =>
        service.Database.PsqlAsync($"select update_fact_temporal('user', '{client}', 'lives', '{content}', p_client_id => '{client}')");

    private Task<(int Status, JsonNode? Body)> CreateAsync(string client, string content, string? key, string query, string? subject = null) =>
        service.PostAsync(Facts + query, new { client_id = client, subject_type = "user", subject_id = subject ?? client, fact_type = "lives", content, fact_key = key });

    private async Task<Guid> CreatedAsync(string client, string content, string? key, string query = "", string? subject = null)
    {
        var (status, body) = await CreateAsync(client, content, key, query, subject);
        Assert.True(status == 201, body?.ToJsonString());
        return (Guid)body!["fact_id"]!;
    }

    // As an agent does it: told that the fact is not current any more, it takes the one that is.
    private async Task FollowAsync(Guid fact, string content)
    {
        for (var current = fact; ;)
        {
            var (status, body) = await service.PostAsync($"{Facts}/{current}/update", new { content });
            if (status == 200)
            {
                return;
            }

            Assert.True((status, (string?)body!["code"]) == (409, "fact_superseded"), body.ToJsonString());
            var next = (Guid)body["current_fact_id"]!;
            Assert.NotEqual(current, next);
            current = next;
        }
    }

    private async Task AssertOneChainAsync(string client, Guid first, IEnumerable<string> contents)
    {
        var (status, history) = await service.GetAsync($"{Facts}/{first}/history");
        Assert.Equal(200, status);
        var held = history!["items"]!.AsArray().Select(belief => belief!["fact"]!).Where(fact => fact["retracted_at"] is null);
        Assert.Equal(contents.Order(), held.Select(fact => (string)fact["content"]!).Order());
        Assert.Equal("1|t", await service.Database.PsqlAsync($"""
            select count(*) filter (where valid_to is null), bool_and(valid_to is not distinct from next)
            from (select valid_to, lead(valid_from) over (order by valid_from) as next from facts where client_id = '{client}') as fact
            """));
    }
}
