using Actors.Sessions;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Answers of a session whose index is not read.</summary>
public sealed class ColdSessionTests : ColdSessionScene
{
    [Fact]
    public async Task a_cold_session_answers_fromValkey_without_reading_its_index()
    {
        await Session("1").RememberAsync("The kettle is red");
        var computed = await AskAsync("1", "kettle");
        await Valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync();
        await using var operation = await Database.DataSource.OpenConnectionAsync(Stop);
        await using var hold = await operation.BeginTransactionAsync(Stop);
        await ExecuteAsync(operation, "lock table events in access exclusive mode");

        var repeated = await AskAsync("1", "kettle");

        Assert.True(repeated.Cached);
        Assert.False(computed.Cached);
        Assert.Empty(repeated.Degraded);
        Assert.Equivalent(computed.Hits, repeated.Hits, strict: true);
        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task a_question_that_nobody_asked_has_the_index_read()
    {
        await FillAsync("kettle");

        Assert.False((await AskAsync("1", "pot")).Cached);
        Assert.True(IsLoaded);
    }

    [Fact]
    public async Task each_parameter_makes_another_question()
    {
        await FillAsync("kettle");

        Assert.False((await Session("1").RecallAsync(RecallRequest.For("kettle", k: 11), Stop)).Cached);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_a_write_by_sql()
    {
        await FillAsync("kettle");
        await Database.PsqlAsync("insert into events (client_id, content) values ('1', 'The kettle is clean')");

        var answer = await AskAsync("1", "kettle");

        Assert.False(answer.Cached);
        Assert.Equal(2, answer.Hits.Length);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_a_fact_of_the_house()
    {
        await FillAsync("kettle");
        await Database.PsqlAsync("insert into facts (subject_type, subject_id, fact_type, content) values ('thing', 'kettle', 'age', 'The kettle is old')");
        await Host.RefreshSharedFactsAsync();

        // The embedded host looks by itself, twice a second.
        await UntilAsync(async () => (await AskAsync("1", "kettle")).Hits.Length == 2);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_an_erasure()
    {
        await FillAsync("kettle");
        await Database.PsqlAsync("update session_heads set erase_epoch = erase_epoch + 1 where client_id = '1'");

        Assert.False((await AskAsync("1", "kettle")).Cached);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_the_restore_of_a_backup_that_comes_to_the_same_version()
    {
        await FillAsync("kettle");
        var version = await Database.PsqlAsync("select version from session_heads where client_id = '1'");
        await Database.PsqlAsync("set session_replication_role = replica; delete from events; delete from change_log; delete from session_heads");
        await Database.PsqlAsync("insert into events (client_id, content) values ('1', 'The kettle is clean')");
        Assert.Equal(version, await Database.PsqlAsync("select version from session_heads where client_id = '1'"));

        var answer = await AskAsync("1", "kettle");

        Assert.Equal(["The kettle is clean"], answer.Hits.Select(hit => hit.Memory.Content));
    }

    [Fact]
    public async Task an_answer_does_not_outlive_a_memory_in_it()
    {
        await Session("1").RememberAsync(new NewMemory("The kettle is hot", ExpiresAt: TimeProvider.System.GetUtcNow().AddHours(1)));
        await AskAsync("1", "kettle");
        await Valkey.HoldsAsync("recall:1:*", 1);
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await RestartAsync(clock);
        Assert.True((await AskAsync("1", "kettle")).Cached);

        clock.Advance(TimeSpan.FromHours(1));

        var answer = await AskAsync("1", "kettle");
        Assert.False(answer.Cached);
        Assert.Empty(answer.Hits);
    }

    [Fact]
    public async Task an_answer_about_the_past_is_repeated()
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        var question = RecallRequest.For("kettle") with { AsOf = memory.OccurredAt, KnownAt = memory.CreatedAt };
        await Session("1").RecallAsync(question, Stop);
        await Valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync();

        var answer = await Session("1").RecallAsync(question, Stop);

        Assert.True(answer.Cached);
        Assert.Equal(memory.Id, Assert.Single(answer.Hits).Memory.Id);
    }

    [Fact]
    public async Task an_answer_says_still_that_only_the_newest_memories_were_searched()
    {
        await RestartAsync(null, ("Sessions:MaxHotEvents", "1"));
        await Session("1").RememberAsync("The lid is blue");
        await FillAsync("kettle", ("Sessions:MaxHotEvents", "1"));

        var answer = await AskAsync("1", "kettle");

        Assert.True(answer.Cached);
        Assert.Equal(["hot_index"], answer.Degraded);
    }

    [Fact]
    public async Task aHost_that_ranks_otherwise_does_not_find_the_answer()
    {
        await FillAsync("kettle", ("Ranking:Numbers", "0.5"));

        Assert.False((await AskAsync("1", "kettle")).Cached);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Version":1,"EraseEpoch":0,"LastRecordedAt":null,"SharedVersion":0,"ValidUntil":null,"Hits":[{"Event":null,"Fact":null,"Similarity":1,"MatchedTerms":[],"Bm25":1,"Reasons":0}],"Degraded":[]}""")]
    [InlineData("""{"Version":1,"EraseEpoch":0,"LastRecordedAt":null,"SharedVersion":0,"ValidUntil":null,"Hits":[null],"Degraded":[]}""")]
    public async Task an_entry_that_cannot_be_read_counts_as_absent(string entry)
    {
        await FillAsync("kettle");
        var key = Assert.Single(await Valkey.CommandAsync("--raw", "keys", "recall:*"));
        await Valkey.CommandAsync("set", key, entry);

        var answer = await AskAsync("1", "kettle");

        Assert.False(answer.Cached);
        Assert.Single(answer.Hits);
    }

    [Fact]
    public async Task an_entry_under_a_wrong_key_shows_nothing_of_another_client()
    {
        await FillAsync("kettle");
        await Session("2").RememberAsync("The kettle is secret");
        await Session("2").RecallAsync("kettle");
        await Valkey.HoldsAsync("recall:2:*", 1);
        await RestartAsync();
        var own = Assert.Single(await Valkey.CommandAsync("--raw", "keys", "recall:1:*"));
        var foreign = Assert.Single(await Valkey.CommandAsync("--raw", "keys", "recall:2:*"));
        await Valkey.CommandAsync("copy", foreign, own, "replace");

        Assert.Equal(["The kettle is red"], await Session("1").RecallAsync("kettle"));
    }

    [Fact]
    public async Task a_session_that_is_asked_again_and_again_reads_its_index_in_the_end()
    {
        await FillAsync("kettle");

        await UntilAsync(async () =>
        {
            await AskAsync("1", "kettle");
            return IsLoaded;
        });
    }

    [Fact]
    public async Task entries_have_the_prescribed_keys_and_times_to_live()
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        await AskAsync("1", "kettle");
        await Valkey.HoldsAsync("recall:1:*", 1);
        var answer = Assert.Single(await Valkey.CommandAsync("--raw", "keys", "recall:*"));

        Assert.Matches("^recall:1:[0-9a-f]{32}$", answer);
        Assert.InRange(await TimeToLiveAsync(answer), 3_500, 3_600);
        Assert.InRange(await TimeToLiveAsync($"event:1:{memory.Id}"), 86_300, 86_400);
    }

    [Fact]
    public async Task catching_up_reads_nothing_into_a_session_that_is_cold()
    {
        await FillAsync("kettle");

        await Session("1").CatchUpAsync(Stop);

        Assert.False(IsLoaded);
    }

    private async Task<int> TimeToLiveAsync(string key) =>
        int.Parse(Assert.Single(await Valkey.CommandAsync("--raw", "ttl", key)), System.Globalization.CultureInfo.InvariantCulture);
}
