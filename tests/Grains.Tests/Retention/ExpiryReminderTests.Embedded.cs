using Actors.Sessions;
using Actors.Grains.Tests.Sessions;

namespace Actors.Grains.Tests.Retention;

/// <summary>The sweepers' reminders, on a clock that tests move: silos keep theirs by the system's.</summary>
public class ExpiryReminderTests(RetentionStage stage) : IClassFixture<RetentionStage>
{
    [Fact]
    public async Task an_expired_memory_is_marked_and_later_deleted_without_anybody_asking()
    {
        var client = stage.NewClient();
        await stage.Session(client).RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));

        await PassAsync(TimeSpan.FromHours(24), $"select expired_at is not null from events where client_id = '{client}'", "t");
        await PassAsync(TimeSpan.FromDays(2), $"select count(*) from events where client_id = '{client}'", "0");
    }

    private async Task PassAsync(TimeSpan time, string sql, string expected)
    {
        stage.Clock.Advance(time);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await stage.Database.PsqlAsync(sql) != expected)
        {
            stage.Clock.Advance(TimeSpan.FromMinutes(1));
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
