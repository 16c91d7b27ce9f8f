namespace Actors.Api.Tests.Cluster;

public class RollingRestartTests
{
    [Fact]
    public async Task a_rolling_restart_of_two_silos_under_load_fails_no_request_of_a_client_that_repeats()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, apis: 2);
        var load = new ClusterLoad(cluster.Apis.Select(api => api.Client), agents: 16);
        foreach (var silo in cluster.Silos.ToList())
        {
            Assert.Equal(0, await silo.Process.StopAsync());
            await cluster.RestartAsync(silo);
        }

        await load.StopAsync();

        TestContext.Current.SendDiagnosticMessage($"{load.Requests} requests, {load.Repeats} repeated by clients");
        Assert.Empty(load.Failures);
        Assert.True(load.Requests > 500, $"{load.Requests} requests");
        foreach (var agent in load.Agents)
        {
            var stored = await cluster.Apis[0].Client.ListEventsAsync(agent.ClientId);
            Assert.Equal(agent.Remembered.OrderBy(memory => memory.Id), stored.OrderBy(memory => memory.Id));
            Assert.Equal($"{agent.FactChanges}|{agent.FactContent}", await cluster.Database.PsqlAsync(
                $"select count(*), max(content) filter (where valid_to is null) from facts where client_id = '{agent.ClientId}'"));
        }
    }
}
