using Actors.Support;

namespace Actors.ClusterSchema;

public sealed class OrleansScriptFolderTests : IAsyncLifetime
{
    private readonly TestFolder _folder = TestFolder.Create();
    private readonly InventedScripts _scripts = InventedScripts.Three();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private Task<IReadOnlyDictionary<OrleansScript, string>> ReadAsync() => new OrleansScriptFolder(_folder.Path).ReadAsync(_scripts.List.Scripts, Stop);

    private async Task PutAsync(string path, string at)
    {
        var file = Path.Combine(_folder.Path, at);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, _scripts.Content(path), Stop);
    }

    [Fact]
    public async Task scripts_lie_at_their_paths_or_directly_in_the_folder()
    {
        await PutAsync("shared/Main.sql", at: "shared/Main.sql");
        await PutAsync("clustering/Members.sql", at: "Members.sql");
        await PutAsync("storage/Storage.sql", at: "storage/Storage.sql");

        Assert.Equal(3, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task a_missing_script_is_named_with_both_places()
    {
        await PutAsync("shared/Main.sql", at: "Main.sql");

        var error = await Assert.ThrowsAsync<OrleansScriptException>(ReadAsync);

        Assert.StartsWith("Members.sql is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains($"neither {_folder.Path}/clustering/Members.sql nor {_folder.Path}/Members.sql exists", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_changed_script_is_named_with_its_place()
    {
        await PutAsync("shared/Main.sql", at: "Main.sql");
        await PutAsync("shared/Main.sql", at: "Members.sql");

        var error = await Assert.ThrowsAsync<OrleansScriptException>(ReadAsync);

        Assert.StartsWith($"{_folder.Path}/Members.sql is not the script this build knows as clustering/Members.sql", error.Message, StringComparison.Ordinal);
    }
}
