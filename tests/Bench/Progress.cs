namespace Actors.Bench;

/// <summary>Says on standard error how far a benchmark is: one line that moves on a terminal, a line of its own each when the output is kept.</summary>
internal static class Progress
{
    private static int _width;

    /// <summary>What is under way altogether; stands before everything shown.</summary>
    public static string? Part { get; set; }

    public static void Show(string text)
    {
        var line = Part is null ? text : $"[{Part}] {text}";
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(line);
            return;
        }

        Console.Error.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
    }

    public static void End()
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{new string(' ', _width)}\r");
        }

        _width = 0;
    }
}
