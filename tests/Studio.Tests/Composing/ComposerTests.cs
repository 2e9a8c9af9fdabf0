using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Studio.Tests.Composing;

[Trait("Category", "Unit")]
public class ComposerTests
{
    [Fact]
    public void Compose_WhenRequestAndSeedAreTheSame_GivesTheSameMidi()
    {
        var request = new StudioRequest { Prompt = "happy pop song", Seed = 42 };

        var first = MidiFile.Write(Composer.Compose(Planner.Read(request)));
        var second = MidiFile.Write(Composer.Compose(Planner.Read(request)));

        Assert.Equal(first, second);
    }
}
