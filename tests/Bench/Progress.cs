namespace Actors.Bench;

/// <summary>Says on standard error how far a benchmark is: one line that moves on a terminal, a line of its own each when the output is kept.</summary>
internal static class Progress
{
    private static int _width;

    public static void Show(string text)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
            return;
        }

        Console.Error.Write($"\r{text.PadRight(_width)}");
        _width = text.Length;
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
