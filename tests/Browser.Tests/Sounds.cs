using Microsoft.Playwright;

namespace Son1kVers3.Browser.Tests;

/// <summary>What comes out of the app's audio element.</summary>
internal static class Sounds
{
    /// <summary>The loudest root mean square within two seconds: 0 is silence.</summary>
    public static Task<double> LoudnessAsync(this IPage page) => page.EvaluateAsync<double>(
        """
        async () => {
            const context = new AudioContext();
            const heard = context.createAnalyser();
            context.createMediaElementSource(window.sounds[0]).connect(heard).connect(context.destination);
            await context.resume();
            const samples = new Float32Array(heard.fftSize);
            let loudest = 0;
            for (let look = 0; look < 20; look++) {
                await new Promise(resolve => setTimeout(resolve, 100));
                heard.getFloatTimeDomainData(samples);
                loudest = Math.max(loudest, Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
            }
            return loudest;
        }
        """);

    /// <summary>Where the song is, in seconds.</summary>
    public static Task<double> PositionAsync(this IPage page) => page.EvaluateAsync<double>("() => window.sounds[0].currentTime");

    public static Task<bool> IsPlayingAsync(this IPage page) => page.EvaluateAsync<bool>("() => !window.sounds[0].paused");

    /// <summary>Returns when the song has gone on for a moment.</summary>
    public static async Task WaitUntilPlayingAsync(this IPage page, double seconds = 0.5) =>
        await page.WaitForFunctionAsync("seconds => window.sounds[0] && !window.sounds[0].paused && window.sounds[0].currentTime > seconds", seconds);
}
