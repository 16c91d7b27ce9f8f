using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Clients;

/// <summary>Who is erased is gone everywhere, and nobody else is touched.</summary>
[Collection(ServiceTests.Name)]
public class ErasureTests(ServiceFixture service)
{
    [Fact]
    public async Task nothing_of_an_erased_client_is_left_anywhere_whoever_writes_meanwhile()
    {
        var client = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), $"marker{Guid.NewGuid():N}");
        var other = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), $"other{Guid.NewGuid():N}");
        for (var i = 0; i < 3; i++)
        {
            // Into what sessions, processes and caches keep of answers.
            await client.ReadAllAsync();
        }

        var (before, exported) = (await other.ReadAllAsync(), await service.Client.ExportAsync(other.Id));
        // What it looks for is there to be found.
        Assert.True((await Remains.FindAsync(service.Database, client.Word)).Count >= 14);
        using var stop = new CancellationTokenSource();
        RememberLoop[] writers = [new(service.Client, client.Id, stop.Token), new(service.Client, service.NewClient(), stop.Token)];
        var writing = writers.Select(writer => writer.RunAsync()).ToArray();
        await Task.WhenAll(writers.Select(writer => writer.AcknowledgedAsync(5)));

        var (status, receipt) = await service.SendAsync(HttpMethod.Delete, $"/api/v1/clients/{client.Id}/data");

        Assert.True(status == 200, receipt?.ToJsonString());
        // Whatever is asked from now on.
        foreach (var path in client.Reads())
        {
            var (_, answer) = await service.GetAsync(path);
            Assert.Empty(Found(answer, client.Word));
        }

        await Task.WhenAll(writers.Select(writer => writer.AcknowledgedAsync(20)));
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        Assert.Empty(await Remains.FindAsync(service.Database, client.Word));
        Assert.Empty(await Remains.FindInFilesAsync(service.DataFolder, client.Word));
        Assert.DoesNotContain(client.Word, service.Service.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await other.ReadAllAsync());
        Assert.Equal(exported.Rows(), (await service.Client.ExportAsync(other.Id)).Rows());
        var removed = receipt!["removed"]!.AsObject();
        Assert.All(
            (string[])["events", "facts", "fact_versions", "fact_sources", "promotion_jobs", "execution_runs", "run_steps", "plans", "tasks", "projects", "sprints", "scheduler_runs", "reflections", "graph_nodes", "graph_edges", "idempotency_keys", "change_log"],
            table => Assert.True((long?)removed[table] > 0, table));
        // What the other client's writers were told is stored, is.
        Assert.Equal(writers[1].Acknowledged.Keys.Order(), (await service.Client.ListEventsAsync(writers[1].ClientId)).Select(e => e.Id).Order());
        // Of what was written for the client itself, what came after the erasure is there, and hot.
        var left = await service.Client.ListEventsAsync(client.Id);
        Assert.NotEmpty(left);
        Assert.Contains(left[0].Id, await service.Client.RecallByFirstWordAsync(client.Id, left[0].Content));
    }

    [Fact]
    public async Task an_erased_client_can_be_imported_again_and_is_the_same()
    {
        var client = await WholeClient.MakeAsync(service.Client, service.Database, service.NewClient(), "Wilhelmina");
        var (before, export) = (await client.ReadAllAsync(), await service.Client.ExportAsync(client.Id));
        Assert.Equal((409, "client_not_empty"), Code(await service.Client.ImportAsync(client.Id, export)));
        Assert.Equal(200, (await service.SendAsync(HttpMethod.Delete, $"/api/v1/clients/{client.Id}/data")).Status);

        var (status, done) = await service.Client.ImportAsync(client.Id, export);

        Assert.True(status == 200 && (string?)done["type"] == "done", done.ToJsonString());
        Assert.Equal(before, await client.ReadAllAsync());
        Assert.Equal(export.Rows(), (await service.Client.ExportAsync(client.Id)).Rows());
        Assert.Equal((409, "import_id_taken"), Code(await service.Client.ImportAsync(service.NewClient(), export)));
    }

    [Fact]
    public async Task an_erasure_is_repeated_without_harm_and_its_receipts_are_kept()
    {
        var client = service.NewClient();
        await service.RememberAsync(new { client_id = client, content = "tea" });

        var first = (await service.SendAsync(HttpMethod.Delete, $"/api/v1/clients/{client}/data")).Body!;
        var second = (await service.SendAsync(HttpMethod.Delete, $"/api/v1/clients/{client}/data")).Body!;

        Assert.Equal(1, (int)first["removed"]!["events"]!);
        Assert.Empty(second["removed"]!.AsObject());
        var (status, list) = await service.GetAsync($"/api/v1/clients/{client}/erasures");
        Assert.Equal(200, status);
        Assert.Equal([second.ToJsonString(), first.ToJsonString()], list!["items"]!.AsArray().Select(receipt => receipt!.ToJsonString()));
    }

    [Theory]
    [InlineData("no-such-client")]
    [InlineData("-")]
    [InlineData("a%2Fb")]
    public async Task who_is_not_there_cannot_be_erased_or_exported(string client)
    {
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Delete, $"/api/v1/clients/{client}/data")).Status);
        Assert.Equal(404, (await service.GetAsync($"/api/v1/clients/{client}/export")).Status);
        Assert.Equal(404, (await service.GetAsync($"/api/v1/clients/{client}/erasures")).Status);
        Assert.Equal("0", await service.Database.PsqlAsync("select count(*) from clients where id = 'no-such-client'"));
    }

    private static (int, string?) Code((int Status, JsonNode Last) answer) => (answer.Status, (string?)answer.Last["code"]);

    // The question may be repeated in the answer.
    private static IEnumerable<string> Found(JsonNode? answer, string word) =>
        answer is JsonObject body
            ? body.Where(member => member.Key is not ("query" or "subject_id" or "client_id") && member.Value?.ToJsonString().Contains(word, StringComparison.OrdinalIgnoreCase) == true).Select(member => member.Key)
            : [];
}
