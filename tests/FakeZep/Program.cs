using System.Diagnostics;
using System.Globalization;
using Actors.Support;

// Runs the tests' Zep as a program: for ./run --zep-fake. Writes one line, its base address and its key, and ends with the process it is started
// beside, or by a signal.
if (args is not ["--while", var id] || !int.TryParse(id, CultureInfo.InvariantCulture, out var processId))
{
    Console.Error.WriteLine("Usage: Actors.FakeZep --while PROCESS-ID");
    return 2;
}

await using var zep = await FakeZep.StartAsync();
zep.Quirks.IngestionDelay = TimeSpan.FromSeconds(2);
Console.WriteLine($"{zep.BaseUrl} {FakeZep.Key}");
Console.Error.WriteLine($"A fake Zep listens on {zep.BaseUrl}; what it is sent it forgets when the service ends.");

using var other = Process.GetProcessById(processId);
await Task.WhenAny(other.WaitForExitAsync(), zep.EndedAsync());
return 0;
