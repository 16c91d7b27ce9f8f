using System.Globalization;

namespace Actors.Bench.Http;

/// <summary>Processor time used so far, in seconds, as Linux accounts it: in hundredths of a second.</summary>
/// <param name="Load">By this process and the programs it ran to their end.</param>
/// <param name="Server">By the HTTP servers.</param>
/// <param name="Postgres">By the Postgres server and its backends.</param>
/// <param name="Machine">By everything, and by what other machines took on the same hardware.</param>
internal sealed record ProcessorTime(double Load, double Server, double Postgres, double Machine)
{
    private const double TicksPerSecond = 100;

    // Fields of /proc/<pid>/stat behind the program's name, which may hold blanks.
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int SystemField = 12;
    private const int EndedChildrenUserField = 13;
    private const int EndedChildrenSystemField = 14;

    /// <summary>By everything but what takes part in the measurement.</summary>
    public double Others => Machine - Load - Server - Postgres;

    public static ProcessorTime operator -(ProcessorTime later, ProcessorTime earlier) => new(
        later.Load - earlier.Load, later.Server - earlier.Server, later.Postgres - earlier.Postgres, later.Machine - earlier.Machine);

    public static ProcessorTime Read(IEnumerable<int> servers, int postmaster) => new(
        Of(Environment.ProcessId, withEndedChildren: true),
        servers.Sum(server => Of(server, withEndedChildren: false)),
        OfPostgres(postmaster),
        OfMachine());

    /// <summary>Where load and service are this process: both count as the service's.</summary>
    public static ProcessorTime ReadOwn() => new(0, Of(Environment.ProcessId, withEndedChildren: true), 0, OfMachine());

    // A backend that ends meanwhile must not be missed, nor counted twice.
    private static double OfPostgres(int postmaster)
    {
        while (true)
        {
            var server = Of(postmaster, withEndedChildren: true);
            var backends = Children(postmaster).Sum(fields => Sum(fields, UserField, SystemField));
            if (Of(postmaster, withEndedChildren: true) == server)
            {
                return server + backends;
            }
        }
    }

    private static double Of(int pid, bool withEndedChildren) =>
        Fields(pid.ToString(CultureInfo.InvariantCulture)) is not { } fields ? 0
        : withEndedChildren ? Sum(fields, UserField, SystemField, EndedChildrenUserField, EndedChildrenSystemField)
        : Sum(fields, UserField, SystemField);

    private static IEnumerable<string[]> Children(int parent) =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => Path.GetFileName(path))
            .Where(name => char.IsAsciiDigit(name[0]))
            .Select(Fields)
            .OfType<string[]>()
            .Where(fields => fields[ParentField] == parent.ToString(CultureInfo.InvariantCulture));

    private static string[]? Fields(string pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private static double Sum(string[] fields, params int[] which) =>
        which.Sum(field => double.Parse(fields[field], CultureInfo.InvariantCulture)) / TicksPerSecond;

    // user nice system idle iowait irq softirq steal
    private static double OfMachine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        return Sum(fields, 0, 1, 2, 5, 6, 7);
    }
}
