using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Actors.Postgres;

/// <summary>Runs <c>initdb</c> once. The data appears under its name only when it is complete, by one rename.</summary>
internal static class ClusterCreation
{
    private const string StagingPrefix = "initdb.";

    // Runs under the server's account, so that every file has the right owner from the start. initdb itself wants an empty folder: the password waits beside it.
    private const string Script =
        """
        set -eu
        initdb=$1 staging=$2 locale=$3 role=$4 sync=$5
        umask 077
        cat > "$staging.password"
        "$initdb" --pgdata "$staging" --username "$role" --pwfile "$staging.password" --encoding UTF8 --locale "$locale" \
            --auth-host scram-sha-256 --auth-local scram-sha-256 --data-checksums $sync
        mv "$staging.password" "$staging/service.password"
        """;

    /// <exception cref="PrivatePostgresException">initdb failed; the message carries what it said.</exception>
    public static async Task CreateAsync(ClusterFolder cluster, PostgresBinaries binaries, ServerUser user, bool durable, ILogger logger, CancellationToken ct)
    {
        RemoveRemains(cluster, logger);
        PostgresLog.CreatingCluster(logger, binaries.Major, cluster.Data);

        // A name of its own: the initdb of a killed service may still be running.
        var staging = Path.Combine(cluster.Home, StagingPrefix + Guid.NewGuid().ToString("N"));
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var result = await RunAsync("C.UTF-8");
        if (!result.Succeeded && result.Error.Contains("locale", StringComparison.Ordinal))
        {
            result = await RunAsync("C");
        }

        if (!result.Succeeded)
        {
            throw new PrivatePostgresException($"initdb failed: {result.Error.Trim()}");
        }

        Directory.Move(staging, cluster.Data);
        // initdb synced the files; the rename must be as durable as they are before anything is acknowledged.
        await Command.RunAsync(["sync", cluster.Home], ct);

        Task<CommandResult> RunAsync(string locale) => Command.RunAsync(
            user.Wrap("sh", "-c", Script, "sh", binaries.InitDb, staging, locale, ServerSettings.Role, durable ? "" : "--no-sync"), ct, password);
    }

    private static void RemoveRemains(ClusterFolder cluster, ILogger logger)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(cluster.Home, StagingPrefix + "*"))
            {
                File.Delete(file);
            }

            foreach (var folder in Directory.EnumerateDirectories(cluster.Home, StagingPrefix + "*"))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (IOException e)
        {
            // An initdb left by a killed service may still write there. It harms nobody; the next start tries again.
            PostgresLog.RemainsKept(logger, cluster.Home, e.Message);
        }
    }
}
