using Actors.Sessions;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Events of a session whose index is not read.</summary>
public sealed class ColdEventTests : ColdSessionScene
{
    [Fact]
    public async Task an_event_is_found_without_reading_the_index()
    {
        var memory = await Session("1").RememberAsync(new NewMemory("The kettle is red", MetadataJson: """{"b": 1, "a": 1e2}"""));
        var hot = await Session("1").GetEventAsync(memory.Id, Stop);
        await Valkey.HoldsAsync("event:1:*", 1);
        await RestartAsync();

        Assert.Equal(hot, await Session("1").GetEventAsync(memory.Id, Stop));
        Assert.False(IsLoaded);
        Assert.Null(await Session("2").GetEventAsync(memory.Id, Stop));
    }

    [Fact]
    public async Task an_event_comes_fromValkey_while_nothing_of_it_changed()
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        await RestartAsync();
        await using var operation = await Database.DataSource.OpenConnectionAsync(Stop);
        await using var hold = await operation.BeginTransactionAsync(Stop);
        await ExecuteAsync(operation, "lock table events in access exclusive mode");

        Assert.Equal("The kettle is red", (await Session("1").GetEventAsync(memory.Id, Stop))!.Content);
    }

    [Theory]
    [InlineData("update events set content = 'The kettle is green' where id = '{0}'", "The kettle is green")]
    [InlineData("delete from events where id = '{0}'", null)]
    [InlineData("update events set client_id = '2' where id = '{0}'", null)]
    [InlineData("insert into events (client_id, content) values ('1', 'The lid is blue')", "The kettle is red")]
    [InlineData("insert into events (client_id, content) select '1', 'x' from generate_series(1, 1500)", "The kettle is red")]
    public async Task an_event_is_never_older_than_its_row(string change, string? content)
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        await RestartAsync();
        await Database.PsqlAsync("insert into clients (id) values ('2')");
        await Database.PsqlAsync(string.Format(null, change, memory.Id));

        Assert.Equal(content, (await Session("1").GetEventAsync(memory.Id, Stop))?.Content);
        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task an_event_ends_with_its_run()
    {
        var run = Guid.Parse(await Database.PsqlAsync("insert into clients (id) values ('1'); insert into execution_runs (client_id, status) values ('1', 'running') returning id"));
        var memory = await Session("1").RememberAsync(new NewMemory("The kettle is red", Scope: MemoryScope.Run, RunId: run));
        await Valkey.HoldsAsync("event:1:*", 1);
        await RestartAsync();
        await Database.PsqlAsync($"update execution_runs set status = 'cancelled', ended_at = now() where id = '{run}'");

        Assert.NotNull((await Session("1").GetEventAsync(memory.Id, Stop))!.ExpiresAt);
    }

    [Fact]
    public async Task memories_are_acknowledged_byValkey_one_by_one_but_repeats_are_not()
    {
        var answer = await Session("1").RememberAsync(
            new RememberRequest([new NewMemory("The kettle is red"), new NewMemory("The kettle is red"), new NewMemory("The lid is blue")]), Stop);

        Assert.Equal([false, true, false], answer.IsRepeat);
        Assert.Equal([true, false, true], answer.IsInValkey);
        Assert.Equal(2, await Valkey.CountAsync("event:1:*"));
    }
}
