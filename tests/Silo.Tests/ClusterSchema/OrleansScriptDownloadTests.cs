using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.ClusterSchema;

public sealed class OrleansScriptDownloadTests : IDisposable
{
    private readonly HttpClient _client = new();
    private readonly PauseRecorder _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    private Task<IReadOnlyDictionary<OrleansScript, string>> ReadAsync(Uri root, InventedScripts scripts) =>
        new OrleansScriptDownload(_client, root, _time, NullLogger<OrleansScriptDownload>.Instance).ReadAsync(scripts.List.Scripts, Stop);

    private Task<OrleansScriptException> FailAsync(Uri root, InventedScripts scripts) =>
        Assert.ThrowsAsync<OrleansScriptException>(() => ReadAsync(root, scripts));

    [Fact]
    public async Task each_script_is_fetched_from_its_path_below_the_root()
    {
        var scripts = InventedScripts.Three();
        await using var server = await ScriptServer.StartAsync(scripts);

        var texts = await ReadAsync(server.Root, scripts);

        Assert.Equal(["/shared/Main.sql", "/clustering/Members.sql", "/storage/Storage.sql"], server.Requests);
        Assert.All(scripts.List.Scripts, script => Assert.Equal(Encoding.UTF8.GetString(scripts.Content(script.Path)), texts[script]));
        Assert.Empty(_time.Pauses);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task a_server_that_fails_twice_is_asked_a_third_time_after_longer_pauses(int status)
    {
        var scripts = InventedScripts.Three();
        await using var server = await ScriptServer.StartAsync(scripts, status, status);

        await ReadAsync(server.Root, scripts);

        Assert.Equal(["/shared/Main.sql", "/shared/Main.sql", "/shared/Main.sql", "/clustering/Members.sql", "/storage/Storage.sql"], server.Requests);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], _time.Pauses);
    }

    [Fact]
    public async Task a_server_that_fails_three_times_is_named_with_its_address_and_the_way_without_it()
    {
        var scripts = InventedScripts.Three();
        await using var server = await ScriptServer.StartAsync(scripts, 500, 500, 500);

        var error = await FailAsync(server.Root, scripts);

        Assert.StartsWith($"{server.Root}shared/Main.sql cannot be fetched: the server answered 500 (3 tries).", error.Message, StringComparison.Ordinal);
        Assert.Contains("--scripts DIR", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task a_script_the_server_does_not_have_is_asked_for_once()
    {
        await using var server = await ScriptServer.StartAsync(new InventedScripts());

        var error = await FailAsync(server.Root, InventedScripts.Three());

        Assert.StartsWith($"{server.Root}shared/Main.sql cannot be fetched: the server answered 404. ", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task a_server_that_is_not_there_is_tried_three_times()
    {
        var server = await ScriptServer.StartAsync(new InventedScripts());
        var root = server.Root;
        await server.DisposeAsync();

        var error = await FailAsync(root, InventedScripts.Three());

        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Contains("(3 tries)", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _time.Pauses.Count);
    }

    [Fact]
    public async Task a_server_that_does_not_answer_in_time_is_tried_three_times()
    {
        await using var server = await ScriptServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        _client.Timeout = TimeSpan.FromMilliseconds(50);

        var error = await FailAsync(server.Root, InventedScripts.Three());

        Assert.Contains("did not answer in time (3 tries)", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _time.Pauses.Count);
    }

    [Fact]
    public async Task another_text_than_the_listed_one_is_an_error_with_both_hashes()
    {
        var scripts = InventedScripts.Three();
        var listed = scripts.List.Scripts[1];
        var converted = Encoding.UTF8.GetString(scripts.Content(listed.Path)) + "\r\n";
        await using var server = await ScriptServer.StartAsync(scripts.WithOther(listed.Path, converted));

        var error = await FailAsync(server.Root, scripts);

        var actual = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(converted)));
        Assert.StartsWith($"{server.Root}clustering/Members.sql is not the script", error.Message, StringComparison.Ordinal);
        Assert.Contains($"its SHA-256 is {actual}, expected is {listed.Sha256}", error.Message, StringComparison.Ordinal);
    }
}
