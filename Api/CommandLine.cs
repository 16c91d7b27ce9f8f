using System.Globalization;
using Actors.Hosting;
using Actors.Migrations;
using Actors.Postgres;

namespace Actors.Api;

/// <summary>The service's command line: <c>--name value</c> or <c>--name=value</c>. Any configuration key may be given the same way.</summary>
internal sealed record CommandLine(string[] Settings, bool MigrateOnly)
{
    private const string Usage =
        """
        Planner & Memory: memory and plans for AI agents.

          --port N             HTTP port (default 8080)
          --listen ADDRESS     address to listen on (default 127.0.0.1; 0.0.0.0 for all)
          --data FOLDER        data folder: private Postgres, admin.key (default .data, or
                               /var/lib/planner-memory for root where that is out of reach)
          --postgres CONN      use this Postgres (Npgsql connection string) instead of a private one
          --migrate-only       bring the database's schema up to date and exit
          --help               this text

        Every configuration key may be given as --Section:Key VALUE, or as the environment variable Section__Key.
        """;

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["--port"] = "Port",
        ["--listen"] = "Listen",
        ["--data"] = "Data",
        ["--postgres"] = "ConnectionStrings:Postgres",
    };

    /// <summary>Runs the service.</summary>
    /// <returns>The process' exit code: 0 after an orderly stop, 1 when it could not start, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(string[] args, Func<CommandLine, Task> run)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (Parse(args, out var fault) is not { } arguments)
        {
            Console.Error.WriteLine($"{fault}\n\n{Usage}");
            return 2;
        }

        // What the service writes must not depend on where it runs.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            await run(arguments);
            return 0;
        }
        catch (Exception failure) when (IsExpectedAtStart(failure))
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped before the start was done.");
            return 1;
        }
    }

    private static bool IsExpectedAtStart(Exception failure) =>
        failure is PrivatePostgresException or HostLockHeldException or MigrationException or Storage.StorageUnavailableException
            or Microsoft.Extensions.Options.OptionsValidationException or IOException
            or UnauthorizedAccessException;

    private static CommandLine? Parse(string[] args, out string fault)
    {
        fault = "";
        var settings = new List<string>();
        var migrateOnly = false;
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var n, var v] ? (n, v) : (args[i], null);
            if (name == "--migrate-only")
            {
                migrateOnly = true;
                continue;
            }

            if (!Keys.TryGetValue(name, out var key) && (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':')))
            {
                fault = $"Unknown argument '{name}'.";
                return null;
            }

            value ??= ++i < args.Length ? args[i] : null;
            if (value is null || (name == "--port" && !ushort.TryParse(value, out _)))
            {
                fault = value is null ? $"'{name}' needs a value." : "'--port' takes a number of 0 to 65535.";
                return null;
            }

            settings.Add($"{key ?? name[2..]}={value}");
        }

        return new CommandLine([.. settings], migrateOnly);
    }
}
