using System.Text;

namespace Actors.Bench.Http;

/// <summary>A table in Markdown whose columns are as wide as what stands in them, so that it reads as well where it is not rendered.</summary>
/// <param name="headings">Of the columns; those of numbers begin with <see cref="Number"/>.</param>
internal sealed class MarkdownTable(params string[] headings)
{
    /// <summary>Marks a heading whose column is flush right.</summary>
    public const char Number = '#';

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        string[] names = [.. headings.Select(heading => heading.TrimStart(Number))];
        int[] widths = [.. names.Select((name, column) => Math.Max(3, _rows.Select(row => row[column].Length).Append(name.Length).Max()))];
        var text = new StringBuilder();
        Append(names);
        Append([.. widths.Select((width, column) => IsNumber(column) ? new string('-', width - 1) + ":" : new string('-', width))]);
        _rows.ForEach(Append);
        return text.ToString();

        void Append(string[] cells)
        {
            var padded = cells.Select((cell, column) => IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append("| ").AppendJoin(" | ", padded).Append(" |\n");
        }
    }

    private bool IsNumber(int column) => headings[column].StartsWith(Number);
}
