using Actors.Support;

namespace Actors.Api.Tests.Access;

/// <summary>Keys when the service, or its private Postgres, goes and comes back.</summary>
public class KeyOutageTests
{
    private const string Recall = "/api/v1/memory/recall?client_id=life&query=x";

    [Fact]
    public async Task keys_outlive_a_restart_and_an_outage_of_postgres_and_their_last_use_is_noted()
    {
        var data = Path.Combine(Path.GetTempPath(), $"keys-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(data);
        TestKey used, unused;
        await using (var first = await ServiceProcess.StartAsync(data))
        {
            used = await first.Client.CreateKeyAsync("agent", "life");
            unused = await first.Client.CreateKeyAsync("agent", "life");
            Assert.Equal(200, (await first.Client.AskAsync(used, "GET", Recall)).Status);
        }

        await using (var second = await ServiceProcess.StartAsync(data))
        {
            var uses = await Task.WhenAll(new[] { used, unused }.Select(key => second.Client.GetStringAsync($"{KeyCalls.Keys}/{key.Id}", TestContext.Current.CancellationToken)));
            Assert.DoesNotContain("\"last_used_at\":null", uses[0], StringComparison.Ordinal);
            Assert.Contains("\"last_used_at\":null", uses[1], StringComparison.Ordinal);
            Assert.Equal(200, (await second.Client.AskAsync(used, "GET", Recall)).Status);

            await ServiceCalls.KillPostgresAsync(data);
            Assert.Equal(200, (await second.Client.AskAsync(used, "GET", Recall)).Status);
            Assert.Equal(401, (await second.Client.AskAsync(new TestKey("", "pm_unknown"), "GET", Recall)).Status);
            await second.WaitForOutputAsync("Keys cannot be read; those known go on");
            Assert.Equal(200, (await second.Client.AskAsync(used, "GET", Recall)).Status);

            await second.WaitForOutputAsync("Keys are read again");
            await second.WaitForOutputAsync("Host lock taken again");
            await second.Client.ChangeKeyAsync(used, new { disabled = true });
            Assert.Equal(401, (await second.Client.AskAsync(used, "GET", Recall)).Status);
        }

        Directory.Delete(data, recursive: true);
    }
}
