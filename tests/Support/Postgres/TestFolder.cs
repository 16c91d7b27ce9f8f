using System.Globalization;
using Actors.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Support;

/// <summary>A temporary data folder, named after the process that uses it. Disposal stops whatever server still runs there.</summary>
public sealed class TestFolder : IAsyncDisposable
{
    private const string Prefix = "planner-test-";

    private TestFolder(string path) => Path = path;

    public string Path { get; }

    /// <param name="parent">Where; null: among temporary files.</param>
    public static TestFolder Create(string? parent = null)
    {
        // Not CreateTempSubdirectory: its mode 0700 would lock the server's account out when the tests run as root.
        var path = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        return new TestFolder(path);
    }

    /// <summary>Stops the servers of test processes that were killed and removes their folders.</summary>
    public static async Task RemoveAbandonedAsync()
    {
        foreach (var path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || Directory.Exists($"/proc/{pid}"))
            {
                continue;
            }

            try
            {
                await new TestFolder(path).DisposeAsync();
            }
            catch (Exception e) when (e is PostgresDataFolderException or IOException or UnauthorizedAccessException)
            {
                // Another user's, or another test process removes it right now.
            }
        }
    }

    /// <exception cref="PostgresDataFolderException">A service still runs here.</exception>
    public async ValueTask DisposeAsync()
    {
        using (ServiceLock.Take(Path))
        {
            await LeftoverServer.RemoveAsync(new ClusterFolder(Path), TimeSpan.FromSeconds(10), NullLogger.Instance, CancellationToken.None);
        }

        Directory.Delete(Path, recursive: true);
    }
}
