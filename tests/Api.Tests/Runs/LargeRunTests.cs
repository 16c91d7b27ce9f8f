namespace Actors.Api.Tests.Runs;

[Collection(ServiceTests.Name)]
public class LargeRunTests(ServiceFixture service)
{
    [Fact]
    public async Task large_runs_make_short_pages_that_follow_each_other()
    {
        var client = service.NewClient();
        await service.Database.PsqlAsync(
            $"insert into execution_runs (client_id, run_identifier, telemetry) select '{client}', 'r' || i, jsonb_build_object('log', repeat('x', 3000000)) from generate_series(1, 5) i");

        var (sizes, names, cursor) = (new List<int>(), new HashSet<string>(), "");
        do
        {
            var (status, list) = await service.GetAsync($"/api/v1/runs?client_id={client}&limit=500{cursor}");
            Assert.Equal(200, status);
            sizes.Add(list!["items"]!.AsArray().Count);
            names.UnionWith(list["items"]!.AsArray().Select(run => (string)run!["run_identifier"]!));
            cursor = (string?)list["next_cursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal([3, 2], sizes);
        Assert.Equal(5, names.Count);
    }
}
