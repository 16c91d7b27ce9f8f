using Actors.Sessions;
using Actors.Storage;
using Actors.Support;

namespace Actors.Hosting.Tests.Contracts;

public class WireNamesTests
{
    private const string File = "tests/Hosting.Tests/Contracts/wire-names.txt";

    [Fact]
    public void names_by_which_silos_understand_each_other_stay_as_they_are()
    {
        var pinned = SourceTree.Read(File).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).ToList();
        var found = WireNames.Of(typeof(ISessionGrain).Assembly, typeof(WriteGate).Assembly);
        var (gone, added) = (pinned.Except(found).ToList(), found.Except(pinned).ToList());
        if (gone.Count + added.Count == 0)
        {
            return;
        }

        var renewed = Path.Combine(AppContext.BaseDirectory, "wire-names.txt");
        var head = SourceTree.Read(File).Split('\n').TakeWhile(line => line.StartsWith('#'));
        System.IO.File.WriteAllLines(renewed, [.. head, .. found]);
        Assert.Fail(
            $"""
            Silos of the last version and of this one would misunderstand each other about what is gone or has changed:
            {string.Join('\n', gone.Select(line => $"- {line}"))}
            New, which is safe unless the last version has to send it:
            {string.Join('\n', added.Select(line => $"+ {line}"))}
            If it is meant: cp {renewed} {SourceTree.PathOf(File)}
            """);
    }
}
