using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.Runs;

[Collection(ServiceTests.Name)]
public class RunApiTests(ServiceFixture service)
{
    [Fact]
    public async Task a_run_is_found_by_its_id_and_by_what_its_client_calls_it()
    {
        var client = service.NewClient();
        var run = await StartAsync(new { client_id = client, run_identifier = "onboarding-ada", estimated_hours = 2.6 });
        var agent = await service.Client.CreateKeyAsync("agent", client);

        foreach (var path in (string[])[$"/api/v1/runs/{run["run_id"]}", "/api/v1/runs/onboarding-ada", $"/api/v1/runs/onboarding-ada?client_id={client}"])
        {
            var answer = await service.Client.AskAsync(agent, "GET", path, null);
            Assert.True(answer.Status == 200, $"{path}: {answer}");
            Assert.Equal((string?)run["run_id"], (string?)JsonNode.Parse(answer.Body)!["run_id"]);
        }

        var ended = await service.Client.AskAsync(agent, "POST", "/api/v1/runs/onboarding-ada/complete", """{"actual_hours":3.5}""");
        Assert.Equal(200, ended.Status);
        Assert.Equal(34.6, Math.Round((double)JsonNode.Parse(ended.Body)!["variance_pct"]!, 1));
        var again = await service.Client.AskAsync(agent, "POST", "/api/v1/runs/onboarding-ada/cancel", "{}");
        Assert.Equal((409, "run_ended"), (again.Status, again.Code));
    }

    [Fact]
    public async Task of_64_parallel_completions_and_cancellations_one_wins_and_the_others_are_conflicts()
    {
        var run = await StartAsync(new { client_id = service.NewClient(), estimated_hours = 2.6 });
        var path = $"/api/v1/runs/{run["run_id"]}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => i % 2 == 0
            ? service.PostAsync($"{path}/complete", new { actual_hours = 3.5 })
            : service.PostAsync($"{path}/cancel", new { reason = "given up" })));

        var winner = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal((409, "run_ended"), (answer.Status, (string?)answer.Body!["code"])));
        Assert.Equal($"{winner.Body!["status"]}|1|1", await service.Database.PsqlAsync(
            $"""
            select min(status), count(*), (select count(*) from change_log where table_name = 'execution_runs' and row_id = '{run["run_id"]}' and operation = 'update')
            from execution_runs where id = '{run["run_id"]}'
            """));
    }

    [Fact]
    public async Task high_variance_comes_first_and_says_what_to_estimate()
    {
        var client = service.NewClient();
        var (steady, off) = (await WorkflowAsync("Monthly report"), await WorkflowAsync("Client onboarding"));
        foreach (var (workflow, estimated, actual) in ((string, double, double)[])[(steady, 2, 2.1), (off, 2.6, 3.5), (off, 2, 2.5), (off, 2, 20), (steady, 4, 4)])
        {
            var run = await StartAsync(new { client_id = client, workflow_id = workflow, estimated_hours = estimated });
            var (status, _) = await service.PostAsync($"/api/v1/runs/{run["run_id"]}/complete", new { actual_hours = actual });
            Assert.Equal(200, status);
        }

        var (_, variance) = await service.GetAsync($"/api/v1/runs/variance?client_id={client}&group_by=workflow");
        var groups = variance!["groups"]!.AsArray();
        Assert.Equal(["Client onboarding", "Monthly report"], groups.Select(group => (string)group!["name"]!));
        Assert.Equal((3, true, 3.5), ((int)groups[0]!["runs"]!, (bool)groups[0]!["high_variance"]!, (double)groups[0]!["suggested_hours"]!));
        Assert.Equal(34.6, Math.Round((double)groups[0]!["median_variance_pct"]!, 1));
        Assert.False((bool)groups[1]!["high_variance"]!);

        var (_, list) = await service.GetAsync($"/api/v1/runs?client_id={client}&status=completed&order=variance_desc&limit=2");
        Assert.Equal([20, 3.5], list!["items"]!.AsArray().Select(run => (double)run!["actual_hours"]!));
        (_, list) = await service.GetAsync($"/api/v1/runs?client_id={client}&status=completed&order=variance_desc&limit=2&cursor={list["next_cursor"]}");
        Assert.Equal([2.5, 2.1], list!["items"]!.AsArray().Select(run => (double)run!["actual_hours"]!));
    }

    [Fact]
    public async Task runs_without_an_estimate_suggest_one()
    {
        var client = service.NewClient();
        var (status, workflow) = await service.PostAsync("/api/v1/patterns/workflows", new { name = "Unknown", steps = new[] { new { title = "do" } } });
        Assert.Equal(201, status);
        var run = await StartAsync(new { client_id = client, workflow_id = (string?)workflow!["workflow_id"] });
        await service.PostAsync($"/api/v1/runs/{run["run_id"]}/complete", new { actual_hours = 4 });

        var (_, variance) = await service.GetAsync($"/api/v1/runs/variance?client_id={client}");

        var group = Assert.Single(variance!["groups"]!.AsArray())!;
        Assert.Equal((1, null, 4.0, false), ((int)group["runs"]!, (double?)group["median_variance_pct"], (double)group["suggested_hours"]!, (bool)group["high_variance"]!));
    }

    [Fact]
    public async Task variances_are_of_visible_runs_alone()
    {
        var (mine, theirs) = (service.NewClient(), service.NewClient());
        var workflow = await WorkflowAsync("Audit");
        var run = await StartAsync(new { client_id = theirs, workflow_id = workflow, estimated_hours = 1 });
        await service.PostAsync($"/api/v1/runs/{run["run_id"]}/complete", new { actual_hours = 9 });

        var answer = await service.Client.AskAsync(await service.Client.CreateKeyAsync("agent", mine), "GET", "/api/v1/runs/variance", null);

        Assert.Empty(JsonNode.Parse(answer.Body)!["groups"]!.AsArray());
    }

    private async Task<JsonNode> StartAsync(object run)
    {
        var (status, started) = await service.PostAsync("/api/v1/runs", run);
        Assert.True(status == 201, started?.ToJsonString());
        return started!;
    }

    private async Task<string> WorkflowAsync(string name) =>
        await service.Database.PsqlAsync($"insert into workflows (name, capability) values ('{name}', 'delivery') returning id");
}
