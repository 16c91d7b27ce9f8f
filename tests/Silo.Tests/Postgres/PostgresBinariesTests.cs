using Actors.Support;

namespace Actors.Postgres;

public sealed class PostgresBinariesTests
{
    [Fact]
    public async Task without_any_binaries_the_error_says_how_to_install_them_and_how_to_do_without()
    {
        var error = await Assert.ThrowsAsync<PostgresBinariesMissingException>(() => FindAsync(new BinaryFolders(null, ["/nowhere/bin"]), null));

        Assert.Contains("apt-get install postgresql)", error.Message, StringComparison.Ordinal);
        Assert.Contains("--postgres", error.Message, StringComparison.Ordinal);
        Assert.Contains("none were found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_new_folder_gets_the_newest_version()
    {
        await using var folder = TestFolder.Create();
        var folders = new BinaryFolders(null, [await InstallAsync(folder, "15.14"), await InstallAsync(folder, "17beta2"), await InstallAsync(folder, "16.3")]);

        Assert.Equal(17, (await FindAsync(folders, null)).Major);
    }

    [Fact]
    public async Task existing_data_gets_exactly_its_version()
    {
        await using var folder = TestFolder.Create();
        var folders = new BinaryFolders(await InstallAsync(folder, "17.1"), [await InstallAsync(folder, "15.14"), await InstallAsync(folder, "16.3")]);

        Assert.Equal(15, (await FindAsync(folders, 15)).Major);
    }

    [Fact]
    public async Task the_chosen_folder_wins_over_newer_ones()
    {
        await using var folder = TestFolder.Create();
        var folders = new BinaryFolders(await InstallAsync(folder, "16.3"), [await InstallAsync(folder, "17.1")]);

        Assert.Equal(16, (await FindAsync(folders, null)).Major);
    }

    [Fact]
    public async Task binaries_older_than_15_are_found_and_named_but_not_used()
    {
        await using var folder = TestFolder.Create();
        var old = await InstallAsync(folder, "14.9");

        var error = await Assert.ThrowsAsync<PostgresBinariesMissingException>(() => FindAsync(new BinaryFolders(null, [old]), null));

        Assert.Contains($"found only 14 in {old}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_folder_with_clients_only_does_not_count()
    {
        await using var folder = TestFolder.Create();
        var bin = await InstallAsync(folder, "16.3");
        File.Delete(Path.Combine(bin, "initdb"));

        await Assert.ThrowsAsync<PostgresBinariesMissingException>(() => FindAsync(new BinaryFolders(null, [bin]), null));
    }

    private static Task<PostgresBinaries> FindAsync(BinaryFolders folders, int? dataMajor) =>
        PostgresBinaries.FindAsync(folders, dataMajor, TestContext.Current.CancellationToken);

    /// <summary>Programs that only know their version.</summary>
    private static async Task<string> InstallAsync(TestFolder folder, string version)
    {
        var bin = Path.Combine(folder.Path, version, "bin");
        Directory.CreateDirectory(bin);
        foreach (var program in new[] { "postgres", "initdb" })
        {
            var path = Path.Combine(bin, program);
            await File.WriteAllTextAsync(path, $"#!/bin/sh\necho '{program} (PostgreSQL) {version} (Debian)'\n", TestContext.Current.CancellationToken);
            await Scene.OutputAsync("chmod", "755", path);
        }

        return bin;
    }
}
