namespace Actors.Api.Tests.Access;

/// <summary>What a key was not issued for looks like what is not there.</summary>
[Collection(ServiceTests.Name)]
public class IsolationTests(ServiceFixture service)
{
    private const string Memory = "/api/v1/memory";

    [Theory]
    [InlineData("POST", "/remember", """{"client_id": "CLIENT", "content": "x"}""")]
    [InlineData("POST", "/remember/batch", """{"client_id": "CLIENT", "items": [{"content": "x"}]}""")]
    [InlineData("POST", "/remember/batch", """[{"client_id": "CLIENT", "content": "x"}]""")]
    [InlineData("GET", "/recall?client_id=CLIENT&query=secret", null)]
    [InlineData("POST", "/recall", """{"client_id": "CLIENT", "query": "secret"}""")]
    [InlineData("GET", "/events?client_id=CLIENT", null)]
    public async Task a_client_of_others_is_refused_with_the_same_answer_whether_it_exists_or_not(string method, string path, string? json)
    {
        var (mine, theirs) = (service.NewClient(), service.NewClient());
        await service.RememberAsync(new { client_id = theirs, content = "a secret of theirs" });
        var key = await service.Client.CreateKeyAsync("agent", mine);

        var foreign = await AskAsync(theirs);
        var missing = await AskAsync("nobody-at-all");

        Assert.Equal((403, "client_forbidden"), (foreign.Status, foreign.Code));
        Assert.Equal(foreign, missing);
        Assert.InRange((await AskAsync(mine)).Status, 200, 201);
        Assert.Single((await service.GetAsync($"{Memory}/events?client_id={theirs}")).Body!["items"]!.AsArray());
        Assert.Empty((await service.GetAsync($"{Memory}/events?client_id=nobody-at-all")).Body!["items"]!.AsArray());

        Task<Answer> AskAsync(string client) => service.Client.AskAsync(
            key, method, Memory + path.Replace("CLIENT", client, StringComparison.Ordinal), json?.Replace("CLIENT", client, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "?include_expired=true")]
    [InlineData("DELETE", "")]
    public async Task an_event_of_others_gets_the_answer_of_a_missing_one(string method, string query)
    {
        var (mine, theirs) = (service.NewClient(), service.NewClient());
        var secret = (string)(await service.RememberAsync(new { client_id = theirs, content = "a secret of theirs" }))["memory_id"]!;
        var house = await service.Database.PsqlAsync("insert into events (content) values ('of the house') returning id");
        var key = await service.Client.CreateKeyAsync("agent", mine);
        var missing = await service.Client.AskAsync(key, method, $"{Memory}/events/{Guid.NewGuid()}{query}");
        Assert.Equal((404, "not_found"), (missing.Status, missing.Code));

        Assert.Equal(missing, await service.Client.AskAsync(key, method, $"{Memory}/events/{secret}{query}"));
        // Whose it is has been looked up by now.
        Assert.Equal(200, (await service.GetAsync($"{Memory}/events/{secret}")).Status);
        Assert.Equal(missing, await service.Client.AskAsync(key, method, $"{Memory}/events/{secret}{query}"));
        Assert.Equal(missing, await service.Client.AskAsync(key, method, $"{Memory}/events/{house}{query}"));
        Assert.Equal(missing, await service.Client.AskAsync(key, method, $"{Memory}/events/no-id{query}"));
        Assert.Equal(200, (await service.GetAsync($"{Memory}/events/{secret}")).Status);
    }

    [Fact]
    public async Task a_run_of_others_looks_like_no_run()
    {
        var (mine, theirs) = (service.NewClient(), service.NewClient());
        var run = await service.Database.PsqlAsync($"insert into execution_runs (client_id) values ('{theirs}') returning id");
        var key = await service.Client.CreateKeyAsync("agent", mine);
        Assert.Equal(await AskAsync(Guid.NewGuid().ToString()), await AskAsync(run));

        Task<Answer> AskAsync(string runId) => service.Client.AskAsync(
            key, "POST", $"{Memory}/remember", $$"""{"client_id": "{{mine}}", "content": "x", "run_id": "{{runId}}"}""");
    }

    [Fact]
    public async Task a_key_reaches_all_of_its_clients_and_no_more_when_they_change()
    {
        var (one, two) = (service.NewClient(), service.NewClient());
        var key = await service.Client.CreateKeyAsync("reader", one);
        Assert.Equal((200, 403), (await ListAsync(one), await ListAsync(two)));
        await service.Client.ChangeKeyAsync(key, new { client_ids = new[] { one, two } });
        Assert.Equal((200, 200), (await ListAsync(one), await ListAsync(two)));
        await service.Client.ChangeKeyAsync(key, new { client_ids = new[] { two } });
        Assert.Equal((403, 200), (await ListAsync(one), await ListAsync(two)));

        async Task<int> ListAsync(string client) => (await service.Client.AskAsync(key, "GET", $"{Memory}/events?client_id={client}")).Status;
    }
}
