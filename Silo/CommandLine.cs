using System.Globalization;
using Actors.ClusterSchema;
using Actors.Migrations;
using Actors.Postgres;
using Actors.Storage;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>What a program's command line may hold, beside <c>--Section:Key VALUE</c> for any configuration key.</summary>
/// <param name="Usage">What <c>--help</c> prints.</param>
/// <param name="Keys">Short names of configuration keys, with their dashes.</param>
/// <param name="Flags">Names without a value, with their dashes.</param>
internal sealed record CommandSyntax(string Usage, IReadOnlyDictionary<string, string> Keys, IReadOnlySet<string> Flags);

/// <summary>A program's command line: <c>--name value</c>, <c>--name=value</c>, or a flag. Any configuration key may be given the same way.</summary>
/// <param name="Settings">Configuration, as <c>key=value</c>.</param>
/// <param name="Flags">The flags that were given.</param>
internal sealed record CommandLine(string[] Settings, IReadOnlySet<string> Flags)
{
    private const string ProbeFlag = "--probe";
    private static readonly string[] Numbers = ["--port", "--silo-port", "--gateway-port"];

    /// <summary>Runs the program.</summary>
    /// <returns>The process' exit code: 0 after an orderly stop, 1 when it could not start, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(string[] args, CommandSyntax syntax, Func<CommandLine, Task> run)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(syntax.Usage);
            return 0;
        }

        if (args is [ProbeFlag, var address])
        {
            return await HealthProbe.RunAsync(address);
        }

        if (Parse(args, syntax, out var fault) is not { } arguments)
        {
            Console.Error.WriteLine($"{fault}\n\n{syntax.Usage}");
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
        failure is PrivatePostgresException or HostLockHeldException or MigrationException or StorageUnavailableException
            or OrleansScriptException or HostingSettingsException or StartFailedException or OptionsValidationException or IOException
            or UnauthorizedAccessException;

    private static CommandLine? Parse(string[] args, CommandSyntax syntax, out string fault)
    {
        fault = "";
        var settings = new List<string>();
        var flags = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var n, var v] ? (n, v) : (args[i], null);
            if (syntax.Flags.Contains(name))
            {
                flags.Add(name);
                continue;
            }

            if (!syntax.Keys.TryGetValue(name, out var key) && (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':')))
            {
                fault = $"Unknown argument '{name}'.";
                return null;
            }

            value ??= ++i < args.Length ? args[i] : null;
            if (value is null || (Numbers.Contains(name) && !ushort.TryParse(value, out _)))
            {
                fault = value is null ? $"'{name}' needs a value." : $"'{name}' takes a number of 0 to 65535.";
                return null;
            }

            settings.Add($"{key ?? name[2..]}={value}");
        }

        return new CommandLine([.. settings], flags);
    }
}
