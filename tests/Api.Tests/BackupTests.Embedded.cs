using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests;

/// <summary>Backups of the private server, which only the single process has.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("backup-test-");

    public BackupTests() => File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task a_backup_made_under_load_is_restored_with_its_history()
    {
        var file = PathOf("memory.dump");
        JsonNode history;
        string factId, lastBefore, cursor;
        JsonNode agent;
        await using (var service = await ServiceProcess.StartAsync(PathOf("data")))
        {
            var fact = await SendAsync(service, "/api/v1/memory/facts", new { client_id = "1", subject_type = "user", subject_id = "1", fact_type = "drink", content = "tea" });
            agent = await SendAsync(service, "/api/v1/admin/keys", new { name = "agent", role = "agent", client_ids = new[] { "1" } });
            factId = (string)fact["fact_id"]!;
            await SendAsync(service, $"/api/v1/memory/facts/{factId}/update", new { content = "coffee" });
            history = await GetAsync(service, $"/api/v1/memory/facts/{factId}/history");
            cursor = (string)(await GetAsync(service, "/api/v1/memory/changes?limit=500"))["next_cursor"]!;
            await SendAsync(service, "/api/v1/memory/remember", new { client_id = "1", content = "The audit is due in March." });
            lastBefore = (string)(await SendAsync(service, "/api/v1/memory/remember", new { client_id = "1", content = "Acknowledged before the backup." }))["memory_id"]!;
            using var stop = new CancellationTokenSource();
            var load = WriteUntilAsync(service, stop.Token);

            var (exitCode, output) = await ServiceProcess.RunToEndAsync("--backup", file, "--data", PathOf("data"));

            await stop.CancelAsync();
            Assert.True(await load > 0);
            Assert.True(exitCode == 0, output);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(_folder.FullName));
        var (restored, said) = await ServiceProcess.RunToEndAsync("--restore", file, "--data", PathOf("copy"));
        Assert.True(restored == 0, said);
        await using var copy = await ServiceProcess.StartAsync(PathOf("copy"));
        Assert.Equal(history.ToJsonString(), (await GetAsync(copy, $"/api/v1/memory/facts/{factId}/history")).ToJsonString());
        Assert.Equal("Acknowledged before the backup.", (string?)(await GetAsync(copy, $"/api/v1/memory/events/{lastBefore}"))["content"]);
        Assert.NotEmpty((await GetAsync(copy, "/api/v1/memory/recall?client_id=1&query=audit"))["results"]!.AsArray());
        using (var expired = await copy.Client.GetAsync(new Uri($"/api/v1/memory/changes?after={cursor}", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Equal(System.Net.HttpStatusCode.Gone, expired.StatusCode);
        }

        // The whole log is told anew, in this database's terms.
        var changes = await GetAsync(copy, "/api/v1/memory/changes?client_id=1&limit=500");
        Assert.Equal(["tea", "coffee"], changes["items"]!.AsArray().Where(c => (string?)c!["operation"] == "created" && (string?)c["kind"] == "fact").Select(c => (string?)c!["memory"]!["content"]));
        await SendAsync(copy, "/api/v1/memory/remember", new { client_id = "1", content = "Life goes on." });
        var next = await GetAsync(copy, $"/api/v1/memory/changes?client_id=1&after={changes["next_cursor"]}");
        Assert.Equal("Life goes on.", (string?)next["items"]!.AsArray().Single()!["memory"]!["content"]);
        copy.Client.DefaultRequestHeaders.Authorization = new("Bearer", (string?)agent["key"]);
        await GetAsync(copy, $"/api/v1/memory/events/{lastBefore}");
    }

    [Fact]
    public async Task a_backup_needs_no_service_and_a_restore_takes_nobodys_data()
    {
        var file = PathOf("memory.dump");
        await using (var service = await ServiceProcess.StartAsync(PathOf("data")))
        {
            await SendAsync(service, "/api/v1/memory/remember", new { client_id = "1", content = "kept" });
        }

        Assert.Equal(0, (await ServiceProcess.RunToEndAsync("--backup", file, "--data", PathOf("data"))).ExitCode);

        foreach (var (arguments, expected) in ((string[], string)[])[
            (["--restore", file, "--data", PathOf("data")], "has tables already"),
            (["--restore", PathOf("nothing"), "--data", PathOf("new")], "There is no file"),
            (["--backup", file, "--data", PathOf("empty")], "There is no database"),
            (["--backup", PathOf("no/such/folder/f"), "--data", PathOf("data")], "no/such/folder"),
            (["--backup", file, "--restore", file, "--data", PathOf("data")], "exclude each other")])
        {
            var (exitCode, output) = await ServiceProcess.RunToEndAsync(arguments);
            Assert.True(exitCode == 1 && output.Contains(expected, StringComparison.Ordinal), output);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(PathOf("garbage"), "no dump", TestContext.Current.CancellationToken);
        var (code, said) = await ServiceProcess.RunToEndAsync("--restore", PathOf("garbage"), "--data", PathOf("new"));
        Assert.True(code == 1 && said.Contains("pg_restore", StringComparison.Ordinal), said);
        Assert.Equal(0, (await ServiceProcess.RunToEndAsync("--restore", file, "--data", PathOf("new"))).ExitCode);
    }

    private static async Task<int> WriteUntilAsync(ServiceProcess service, CancellationToken stop)
    {
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            await SendAsync(service, "/api/v1/memory/remember", new { client_id = "2", content = $"written meanwhile {count}" });
        }

        return count;
    }

    private static async Task<JsonNode> SendAsync(ServiceProcess service, string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        using var response = await service.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<JsonNode> GetAsync(ServiceProcess service, string path)
    {
        using var response = await service.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
