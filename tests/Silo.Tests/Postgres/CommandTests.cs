namespace Actors.Postgres;

public class CommandTests
{
    [Fact]
    public async Task a_program_is_looked_for_on_the_path_and_never_in_the_current_folder()
    {
        var name = $"probe-{Guid.NewGuid():N}";
        var path = Path.Combine(Environment.CurrentDirectory, name);
        await File.WriteAllTextAsync(path, "#!/bin/sh\nexit 0\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            Assert.Equal(127, (await Command.RunAsync([name], TestContext.Current.CancellationToken)).ExitCode);
            Assert.Equal(0, (await Command.RunAsync([path], TestContext.Current.CancellationToken)).ExitCode);
            Assert.Equal(0, (await Command.RunAsync(["true"], TestContext.Current.CancellationToken)).ExitCode);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
