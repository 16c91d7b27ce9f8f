using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Patterns;
using Actors.Support;

namespace Actors.Api.Tests.Patterns;

/// <summary>Workflows to start from: the file, and the service started with <c>--seed</c>.</summary>
public sealed class SeedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seed-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void each_workflow_is_one_the_api_would_take_with_5_to_9_steps_that_say_how_and_how_long()
    {
        var seed = WorkflowSeed.Load().ToArray();

        Assert.Equal(5, seed.Length);
        Assert.Equal(("delivery", 2), (seed[0].Workflow.Capability, seed[0].Parts.Length));
        NewWorkflow[] all = [.. seed.SelectMany(entry => (NewWorkflow[])[entry.Workflow, .. entry.Parts])];
        Assert.Distinct(all.Select(workflow => workflow.Name));
        Assert.All(all, workflow =>
        {
            Assert.NotNull(workflow.Description);
            Assert.InRange(workflow.Steps.Length, 5, 9);
            Assert.Distinct(workflow.Steps.Select(step => step.Title));
            Assert.All(workflow.Steps, step => Assert.True(step.Description is not null && step.EstimatedHours > 0, step.Title));
        });
    }

    [Fact]
    public async Task a_second_start_with_seed_stores_nothing_and_what_was_there_is_left_alone()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using (var first = await StartAsync(database))
        {
            await first.WaitForOutputAsync("Seeded workflows that were missing: 7");
            var workflows = await ListAsync(first);
            Assert.Equal(7, workflows.Count);
            var parts = workflows.Where(workflow => workflow!["parent_workflow_id"] is not null).ToArray();
            var whole = Assert.Single(workflows, workflow => (string?)workflow!["name"] == "Client onboarding");
            Assert.Equal(2, parts.Length);
            Assert.All(parts, part => Assert.Equal((string?)whole!["workflow_id"], (string?)part!["parent_workflow_id"]));
            await first.StopAsync();
        }

        await database.PsqlAsync("update workflows set description = 'ours' where name = 'Client onboarding'; delete from workflows where name = 'Kick-off workshop'");
        await using var second = await StartAsync(database);

        await second.WaitForOutputAsync("Seeded workflows that were missing: 1");
        Assert.Equal(7, (await ListAsync(second)).Count);
        Assert.Equal("ours|1", await database.PsqlAsync(
            """
            select w.description, count(*) from workflows w join workflows part on part.parent_workflow_id = w.id and part.name = 'Kick-off workshop'
            where w.name = 'Client onboarding' group by w.description
            """));
        await second.StopAsync();
        await using var third = await StartAsync(database);
        await third.WaitForOutputAsync("Seeded workflows that were missing: 0");
        Assert.Equal(7, (await ListAsync(third)).Count);
    }

    [Fact]
    public async Task a_seed_that_cannot_be_stored_ends_the_start_with_1_and_one_clear_line()
    {
        await using var database = await TestPostgres.CreateAsync();
        await database.PsqlAsync("alter table workflows add constraint workflows_are_closed check (false)");

        var (exitCode, output) = await ServiceProcess.RunToEndAsync("--data", _folder.FullName, "--port", "0", "--postgres", database.ConnectionString, "--seed");

        Assert.Equal(1, exitCode);
        Assert.Contains("The workflows of --seed could not be stored: It breaks the rule 'workflows_are_closed'.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening on", output, StringComparison.Ordinal);
    }

    private Task<ServiceProcess> StartAsync(TestDatabase database) => ServiceProcess.StartAsync(_folder.FullName, "--postgres", database.ConnectionString, "--seed");

    private static async Task<JsonArray> ListAsync(ServiceProcess service) =>
        (await service.Client.GetFromJsonAsync<JsonNode>("/api/v1/patterns/workflows", TestContext.Current.CancellationToken))!["items"]!.AsArray();
}
