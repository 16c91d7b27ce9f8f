using Actors.Sessions;

namespace Actors.Grains.Tests.Sessions;

/// <summary>
/// A write that is given up while it waits. Orleans does not promise it: its cancellation is a message of its own, which the
/// commit may overtake, and then the memory is stored.
/// </summary>
public class WithdrawnMemoryTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_withdrawn_memory_is_not_stored_and_the_others_are()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("start");
        await using var blocker = await fixture.Database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await blocker.BeginTransactionAsync(Cancelled);
        await using var hold = new Npgsql.NpgsqlCommand($"select 1 from session_heads where client_id = '{client}' for update", blocker);
        await hold.ExecuteNonQueryAsync(Cancelled);

        // The first waits for the lock; the others wait for the first, and one of them gives up.
        var first = session.RememberAsync("kept first");
        await fixture.Database.LockAwaitedAsync();
        using var giveUp = new CancellationTokenSource();
        var withdrawn = session.RememberAsync(new RememberRequest([new("withdrawn")]), giveUp.Token);
        var last = session.RememberAsync("kept last");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
        await transaction.RollbackAsync(Cancelled);

        await Task.WhenAll(first, last);
        Assert.Equal(["kept last", "kept first"], await session.RecallAsync("kept withdrawn"));
        Assert.Equal(3, await CountAsync(client, "%"));
    }

    private async Task<long> CountAsync(string client, string pattern) =>
        long.Parse(await fixture.Database.PsqlAsync($"select count(*) from events where client_id = '{client}' and content like '{pattern}'"), null);
}
