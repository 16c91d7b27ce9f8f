using Actors.Clients;
using Actors.Support;

namespace Actors.Grains.Tests.Clients;

/// <summary>How many transfers there are at a time, and for how long; on the host whose timers follow a clock of ours.</summary>
public sealed class TransferLimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task no_more_than_the_limit_are_under_way_and_those_nobody_goes_on_with_end()
    {
        await using var database = await TestPostgres.CreateAsync();
        await database.PsqlAsync("insert into events (client_id, content) values ('1', 'tea')");
        var time = new ManualTimeProvider();
        await using var host = await GrainHost.StartAsync(database, time, ("Transfers:MaxAtOnce", "2"), ("Transfers:IdleTime", "00:01:00"));
        var (first, second, third) = (Export(host), Export(host), Export(host));
        await first.BeginAsync("1", Stop);
        await second.BeginAsync("1", Stop);
        await Assert.ThrowsAsync<TransfersBusyException>(() => third.BeginAsync("1", Stop));
        time.Advance(TimeSpan.FromSeconds(40));
        await first.ReadAsync(Stop);

        time.Advance(TimeSpan.FromSeconds(40));

        // The one that was read from goes on, the other has made room.
        await first.ReadAsync(Stop);
        await Assert.ThrowsAsync<TransferLostException>(() => second.ReadAsync(Stop));
        await third.BeginAsync("1", Stop);
    }

    private static IExportGrain Export(GrainHost host) => host.Grains.GetGrain<IExportGrain>($"{Guid.NewGuid():N}");
}
