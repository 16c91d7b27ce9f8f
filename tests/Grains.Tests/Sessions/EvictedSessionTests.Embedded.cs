using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions;

/// <summary>A session that left memory, in a process without Valkey: in a cluster it might come back in another one.</summary>
public sealed class EvictedSessionTests
{
    private const long MaxHotBytes = 1024 * 1024;

    [Fact]
    public async Task a_session_that_left_memory_answers_what_it_was_asked_before_without_reading_its_index()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var host = await GrainHost.StartAsync(database, null, ("Sessions:MaxHotBytes", $"{MaxHotBytes}"), ("Valkey:Budget", "00:00:10"));
        ISessionGrain Session(string client) => host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));
        await Session("1").RememberAsync("The kettle is red");
        await Session("1").RecallAsync("kettle");
        var memory = host.HotMemories[0];
        var others = 0;

        // It leaves as soon as it is the one not asked for the longest, in turns of its own; then a recall of it brings nothing into memory.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            for (var i = 0; i < 8; i++)
            {
                await Session($"other{++others}").RememberAsync($"pot {new string('x', 150_000)}");
            }

            var before = memory.Bytes;
            var answer = await Session("1").RecallAsync(RecallRequest.For("kettle", 100), TestContext.Current.CancellationToken);
            Assert.True(answer.Cached);
            Assert.Single(answer.Hits);
            if (answer.Tag is null && memory.Bytes <= before)
            {
                break;
            }
        }
    }
}
