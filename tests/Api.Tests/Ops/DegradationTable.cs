using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Support;

namespace Actors.Api.Tests.Ops;

/// <summary>The table of docs/degradation.md: what each request is promised while something fails.</summary>
internal sealed partial class DegradationTable
{
    private const string Doc = "docs/degradation.md";
    private const string FirstColumn = "while";

    private readonly Dictionary<string, Dictionary<string, Promise>> _rows = [];

    private DegradationTable(string doc)
    {
        string[] columns = [];
        foreach (var cells in doc.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)))
        {
            if (cells[0] == FirstColumn)
            {
                columns = cells;
            }
            else if (columns.Length > 0 && !cells[0].StartsWith('-'))
            {
                Assert.Equal(columns.Length, cells.Length);
                _rows.Add(cells[0], columns.Zip(cells).Skip(1).ToDictionary(cell => cell.First, cell => Promise.Parse(cell.Second)));
            }
        }
    }

    public IReadOnlyCollection<string> Failures => _rows.Keys;

    /// <summary>What is promised while this fails, by the name of the request.</summary>
    public IReadOnlyDictionary<string, Promise> While(string failure) => _rows[failure];

    public static DegradationTable Read() => new(SourceTree.Read(Doc));
}

/// <summary>A cell: one of these statuses, with these words in <c>degraded</c>, and perhaps those, before that time has passed.</summary>
internal sealed partial record Promise(IReadOnlyList<int> Statuses, IReadOnlyList<string> Degraded, IReadOnlyList<string> DegradedAtTimes, TimeSpan Within)
{
    public static Promise Parse(string cell)
    {
        var match = Form().Match(cell);
        Assert.True(match.Success, $"'{cell}' is not of the form: 200 or 503, `word`, 1 s");
        return new Promise(
            [.. match.Groups["status"].Captures.Select(status => int.Parse(status.Value, CultureInfo.InvariantCulture))],
            [.. match.Groups["degraded"].Captures.Select(word => word.Value)],
            [.. match.Groups["maybe"].Captures.Select(word => word.Value)],
            TimeSpan.FromSeconds(double.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"^(?<status>\d{3})(?: or (?<status>\d{3}))*(?:, `(?<degraded>[a-z_]+)`)*(?:, `(?<maybe>[a-z_]+)` at times)*, (?<seconds>[\d.]+) s$")]
    private static partial Regex Form();
}
