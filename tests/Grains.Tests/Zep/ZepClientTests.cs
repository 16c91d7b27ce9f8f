using System.Text.Json.Nodes;
using Actors.Support;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

public class ZepClientTests
{
    [Fact]
    public async Task a_user_and_a_thread_are_made_once()
    {
        await using var scene = await ZepScene.StartWithUserAsync();

        foreach (var status in (int[])[400, 409])
        {
            scene.Fake.Quirks.DuplicateStatus = status;
            Assert.Null((await scene.Client.EnsureUserAsync(ZepScene.User, ZepScene.Stop)).Failure);
            Assert.Null((await scene.Client.EnsureThreadAsync(ZepScene.User, ZepScene.User, ZepScene.Stop)).Failure);
        }

        Assert.Equal([ZepScene.User], scene.Fake.Users);
        Assert.Equal([ZepScene.User], scene.Fake.Threads);
        Assert.Equal(["POST users", "POST threads", "POST users", "POST threads", "POST users", "POST threads"], scene.Fake.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task a_thread_of_an_unknown_user_is_not_made()
    {
        await using var scene = await ZepScene.StartAsync();

        Assert.Equal(ZepFailure.NotFound, (await scene.Client.EnsureThreadAsync("t", "nobody", ZepScene.Stop)).Failure);
    }

    [Fact]
    public async Task messages_are_sent_as_version_3_wants_them()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        var said = scene.Message("It's \"tea\", 日本の.", "Jon");
        var answered = scene.Message("Noted.") with { IsFromAssistant = true };

        var answer = await scene.AddAsync(said, answered);

        Assert.Equal([said.Id.ToString(), answered.Id.ToString()], answer.Value);
        Assert.Equal(
            [("It's \"tea\", 日本の.", "user", "Jon", said.MemoryId.ToString()), ("Noted.", "assistant", null, answered.MemoryId.ToString())],
            scene.Fake.Messages.Select(message => (message.Content, message.Role, message.Name, message.MemoryId!)));
        var sent = scene.Fake.Calls[^1].Body!["messages"]![0]!;
        Assert.Equal("2031-03-08T08:00:00Z", (string?)sent["created_at"]);
        Assert.Equal(["uuid", "content", "role", "name", "created_at", "metadata"], sent.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task a_repeat_of_messages_whose_answer_was_lost_adds_nothing_and_succeeds()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        var message = scene.Message("tea");
        scene.Fake.Next(ZepMood.BreaksAfterwards);

        Assert.Equal(ZepFailure.Unreachable, (await scene.AddAsync(message)).Failure);
        var repeat = await scene.AddAsync(message);

        Assert.Null(repeat.Failure);
        Assert.Equal([message.Id.ToString()], repeat.Value);
        Assert.Single(scene.Fake.Messages);
    }

    [Fact]
    public async Task several_memories_of_which_one_is_there_are_refused_so_that_none_is_taken_for_sent()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        var (known, fresh) = (scene.Message("tea"), scene.Message("coffee"));
        await scene.AddAsync(known);

        Assert.Equal(ZepFailure.Refused, (await scene.AddAsync(known, fresh)).Failure);
        Assert.Single(scene.Fake.Messages);
    }

    [Fact]
    public async Task ids_are_those_that_Zep_gives()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        scene.Fake.Quirks.KeepsMessageIds = false;
        var (message, fact) = (scene.Message("tea"), scene.Triple("likes tea"));

        var messages = (await scene.AddAsync(message)).Value;
        var edge = (await scene.Client.AddFactAsync(ZepScene.User, fact, ZepScene.Stop)).Value;

        Assert.Equal([scene.Fake.Messages[0].Id], messages);
        Assert.NotEqual(message.Id.ToString(), messages[0]);
        Assert.Equal(scene.Fake.Edges[^1].Id, edge);
        Assert.NotEqual(fact.Id.ToString(), edge);
    }

    [Fact]
    public async Task where_ids_of_messages_are_not_told_they_are_those_that_were_wanted()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        scene.Fake.Quirks.TellsMessageIds = false;
        var message = scene.Message("tea");

        Assert.Equal([message.Id.ToString()], (await scene.AddAsync(message)).Value);
    }

    [Fact]
    public async Task a_fact_is_added_changed_and_removed()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        var fact = scene.Triple("likes tea");

        var id = (await scene.Client.AddFactAsync(ZepScene.User, fact, ZepScene.Stop)).Value;
        Assert.Equal(("PREFERENCE", "likes tea", "user 1", "drink", fact.ValidAt, null), Shape(scene));
        var ended = fact with { Fact = "liked tea", InvalidAt = scene.Time.GetUtcNow() };
        Assert.Null((await scene.Client.ChangeFactAsync(id, ended, ZepScene.Stop)).Failure);
        Assert.Equal(("PREFERENCE", "liked tea", "user 1", "drink", fact.ValidAt, ended.InvalidAt), Shape(scene));
        Assert.Null((await scene.Client.ChangeFactAsync(id, fact, ZepScene.Stop)).Failure);
        Assert.Null(scene.Fake.Edges[0].InvalidAt);

        Assert.Null((await scene.Client.RemoveFactAsync(id, ZepScene.Stop)).Failure);
        Assert.Empty(scene.Fake.Edges);
        Assert.Null((await scene.Client.RemoveFactAsync(id, ZepScene.Stop)).Failure);
        Assert.Equal(ZepFailure.NotFound, (await scene.Client.ChangeFactAsync(id, fact, ZepScene.Stop)).Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("..")]
    [InlineData(null)]
    public async Task ids_that_cannot_be_kept_are_none(string? id)
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        scene.Fake.Quirks.GivesId = id ?? new string('a', 201);

        Assert.Equal(ZepFailure.Unreadable, (await scene.AddAsync(scene.Message("tea"))).Failure);
        Assert.Equal(ZepFailure.Unreadable, (await scene.Client.AddFactAsync(ZepScene.User, scene.Triple("tea"), ZepScene.Stop)).Failure);
        Assert.All((await scene.SearchAsync("tea")).Value, hit => Assert.Empty(hit.EpisodeIds));
    }

    [Fact]
    public async Task a_message_goes_with_what_was_derived_of_it_and_a_user_with_everything()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        var ids = (await scene.AddAsync(scene.Message("tea"), scene.Message("coffee"))).Value;

        Assert.Null((await scene.Client.RemoveMessageAsync(ids[0], ZepScene.Stop)).Failure);
        Assert.Equal(["coffee"], scene.Fake.Edges.Select(edge => edge.Fact));
        Assert.Null((await scene.Client.RemoveUserAsync(ZepScene.User, ZepScene.Stop)).Failure);
        Assert.Empty(scene.Fake.Messages);
        Assert.Empty(scene.Fake.Threads);

        Assert.Null((await scene.Client.RemoveMessageAsync(ids[0], ZepScene.Stop)).Failure);
        Assert.Null((await scene.Client.RemoveUserAsync(ZepScene.User, ZepScene.Stop)).Failure);
    }

    [Fact]
    public async Task a_search_brings_facts_with_scores_times_and_episodes_the_ended_ones_too()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        scene.Fake.Quirks.EndsContradicted = true;
        var message = scene.Message("Jon drinks green tea");
        await scene.AddAsync(message);
        await scene.Client.AddFactAsync(ZepScene.User, scene.Triple("drinks coffee"), ZepScene.Stop);
        await scene.Client.AddFactAsync(ZepScene.User, scene.Triple("drinks tea"), ZepScene.Stop);

        var hits = (await scene.SearchAsync("drinks tea")).Value;

        Assert.Equal(["drinks tea", "Jon drinks green tea", "drinks coffee"], hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Fact.Length).Select(hit => hit.Fact));
        Assert.Equal(0.5, Assert.Single(hits, hit => hit.InvalidAt is not null && hit.ExpiredAt is not null).Score);
        Assert.Equal([message.Id.ToString()], Assert.Single(hits, hit => hit.Fact.StartsWith("Jon", StringComparison.Ordinal)).EpisodeIds);
        Assert.Equal(scene.Fake.Edges[^1].ValidAt, hits.Single(hit => hit.Fact == "drinks tea").ValidAt);
        Assert.Equal("cross_encoder", (string?)scene.Fake.Calls[^1].Body!["reranker"]);
    }

    [Theory]
    [InlineData(ZepArrays.Empty, false)]
    [InlineData(ZepArrays.Null, true)]
    [InlineData(ZepArrays.Absent, true)]
    public async Task empty_arrays_and_labels_are_read_however_they_are_written(ZepArrays arrays, bool asText)
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        (scene.Fake.Quirks.EmptyArrays, scene.Fake.Quirks.LabelsAsText) = (arrays, asText);

        Assert.Empty((await scene.SearchAsync("tea")).Value);
        await scene.Client.AddFactAsync(ZepScene.User, scene.Triple("drinks tea"), ZepScene.Stop);
        Assert.Empty(Assert.Single((await scene.SearchAsync("tea")).Value).EpisodeIds);
    }

    [Fact]
    public async Task without_scores_there_are_none()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        scene.Fake.Quirks.TellsScores = false;
        await scene.AddAsync(scene.Message("tea"));

        Assert.Null(Assert.Single((await scene.SearchAsync("tea")).Value).Score);
    }

    [Fact]
    public async Task what_was_added_is_found_when_it_is_processed_and_indexed()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        (scene.Fake.Quirks.IngestionDelay, scene.Fake.Quirks.SearchLag) = (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
        await scene.AddAsync(scene.Message("tea"));

        scene.Time.Advance(TimeSpan.FromSeconds(24));
        Assert.Empty((await scene.SearchAsync("tea")).Value);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single((await scene.SearchAsync("tea")).Value);
    }

    [Fact]
    public async Task a_user_who_is_not_there_has_no_facts_and_a_long_question_is_cut()
    {
        await using var scene = await ZepScene.StartAsync();

        var answer = await scene.SearchAsync(string.Concat(Enumerable.Repeat("word ", 200)));

        Assert.Null(answer.Failure);
        Assert.Empty(answer.Value);
        Assert.Equal(399, ((string)scene.Fake.Calls[0].Body!["query"]!).Length);
    }

    [Fact]
    public async Task ids_are_escaped()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        const string odd = "a/b?c #d%2F..";

        await scene.Client.EnsureUserAsync(odd, ZepScene.Stop);
        await scene.Client.RemoveUserAsync(odd, ZepScene.Stop);

        Assert.Equal([ZepScene.User], scene.Fake.Users);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.Client.RemoveUserAsync("..", ZepScene.Stop));
    }

    [Fact]
    public async Task a_ping_asks_what_every_version_has()
    {
        await using var scene = await ZepScene.StartAsync();
        Assert.Null((await scene.Client.PingAsync(ZepScene.Stop)).Failure);
        scene.Fake.Quirks.HasProjectInfo = false;

        Assert.Null((await scene.Client.PingAsync(ZepScene.Stop)).Failure);

        Assert.Equal(["GET projects/info", "GET projects/info", "GET users-ordered"], scene.Fake.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task sessions_that_have_been_removed_are_not_missed()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        using var http = new HttpClient { DefaultRequestHeaders = { { "Authorization", $"Api-Key {FakeZep.Key}" } } };
        async Task<string> GetAsync() => await (await http.GetAsync(new Uri($"{scene.Fake.BaseUrl}/sessions/{ZepScene.User}/memory?lastn=&minRating="), ZepScene.Stop)).Content.ReadAsStringAsync(ZepScene.Stop);

        Assert.Equal("404 page not found\n", await GetAsync());
        Assert.Null((await scene.AddAsync(scene.Message("tea"))).Failure);

        scene.Fake.Quirks.HasSessions = true;
        Assert.Equal("tea", (string?)JsonNode.Parse(await GetAsync())!["messages"]![0]!["content"]);
    }

    [Fact]
    public async Task the_limit_is_told_with_each_answer()
    {
        await using var scene = await ZepScene.StartWithUserAsync();

        var rate = (await scene.SearchAsync("tea")).Rate!;

        Assert.Equal((6_000, 5_997, scene.Time.GetUtcNow().AddMinutes(1)), (rate.PerMinute, rate.Remaining, rate.ResetAt));
        scene.Fake.Quirks.RequestsPerMinute = null;
        Assert.Null((await scene.SearchAsync("tea")).Rate);
    }

    [Fact]
    public async Task over_its_quota_an_account_has_5_requests_a_minute()
    {
        await using var scene = await ZepScene.StartWithUserAsync();
        scene.Fake.Quirks.Quota = 2;
        var answers = new List<ZepAnswer>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add(await scene.SearchAsync("tea"));
        }

        Assert.Equal([null, null, null, ZepFailure.Throttled, ZepFailure.Throttled], answers.Select(answer => answer.Failure));
        Assert.Equal([2, 1, 0, 0, 0], answers.Select(answer => answer.Rate!.Remaining));
        Assert.Equal([null, null, null, 60.0, 60.0], answers.Select(answer => answer.RetryAfter?.TotalSeconds));
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, (await scene.SearchAsync("tea")).Rate!.Remaining);
    }

    private static (string Name, string Fact, string Source, string Target, DateTimeOffset? ValidAt, DateTimeOffset? InvalidAt) Shape(ZepScene scene) =>
        Assert.Single(scene.Fake.Edges) is var edge ? (edge.Name, edge.Fact, edge.Source, edge.Target, edge.ValidAt, edge.InvalidAt) : default;
}
