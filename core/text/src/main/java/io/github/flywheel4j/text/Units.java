package io.github.flywheel4j.text;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Units of measure and their exact factors to a base unit. Units with several meanings (gallon, ton, cup) stay as they
 * are, and so do months, which have no fixed number of days.
 */
final class Units {

    /**
     * A base unit and the factor to it.
     *
     * @param base the base unit
     * @param factor how many of it are one of the unit
     */
    record Unit(String base, BigDecimal factor) {}

    private static final String TABLE = """
            m 0.001 mm millimetre millimetres millimeter millimeters;m 0.01 cm cms centimetre centimetres centimeter centimeters
            m 1 m metre metres meter meters;m 1000 km kms kilometre kilometres kilometer kilometers kilometres;m 0.0254 inch inches
            m 0.3048 ft foot feet;m 0.9144 yd yard yards;m 1609.344 mi mile miles
            g 0.001 mg mgs milligram milligrams;g 0.000001 mcg µg μg microgram micrograms;g 1 g gram grams gramme grammes gm gms
            g 1000 kg kgs kilo kilos kilogram kilograms;g 1000000 tonne tonnes;oz 1 oz ounce ounces;g 453.59237 lb lbs;stone 1 stone stones
            l 0.001 ml millilitre millilitres milliliter milliliters;l 0.01 cl centilitre centilitres centiliter centiliters;l 0.1 dl decilitre decilitres
            l 1 l litre litres liter liters ltr;gallon 1 gallon gallons;pint 1 pint pints;cup 1 cup cups;tbsp 1 tbsp tablespoon tablespoons
            tsp 1 tsp teaspoon teaspoons;s 0.001 ms msec millisecond milliseconds;s 0.000001 microsecond microseconds;s 0.000000001 ns nanosecond nanoseconds
            s 1 s sec secs seconds;s 60 min mins minute minutes;s 3600 h hr hrs hour hours;s 86400 day days;s 604800 week weeks wk wks
            s 1209600 fortnight;month 1 month months;month 12 year years yr yrs;month 120 decade decades;month 1200 century centuries
            byte 1 byte bytes;byte 1000 kb kilobyte kilobytes;byte 1000000 mb megabyte megabytes;byte 1000000000 gb gig gigs gigabyte gigabytes
            byte 1000000000000 tb terabyte terabytes;bps 1000 kbps;bps 1000000 mbps;bps 1000000000 gbps
            hz 1 hz hertz;hz 1000 khz;hz 1000000 mhz;hz 1000000000 ghz;w 1 w watt watts;w 1000 kw kilowatt kilowatts;wh 1000 kwh;wh 1 wh
            v 1 v volt volts;a 1 amp amps ampere amperes;mah 1 mah;hp 1 hp horsepower;kcal 1 kcal calorie calories;joule 1 joule joules
            mph 1 mph;kmh 1 kmh kph;px 1 px pixel pixels;dpi 1 dpi;celsius 1 celsius centigrade °c;fahrenheit 1 fahrenheit °f;kelvin 1 kelvin
            degree 1 degree degrees ° deg;hectare 1 hectare hectares;acre 1 acre acres;sqft 1 sqft;sqm 1 sqm m2 m²;db 1 db decibel decibels
            psi 1 psi;bar 1 bar bars;rpm 1 rpm;mmol 1 mmol;iu 1 iu""";

    private static final Map<String, Unit> UNITS = units();

    private Units() {}

    /** The unit that a folded word names, or null. */
    static @Nullable Unit of(String word) {
        return UNITS.get(word);
    }

    private static Map<String, Unit> units() {
        Map<String, Unit> units = new HashMap<>();
        for (String row : TABLE.replace("\n", ";").split(";", 0)) {
            String[] cells = row.split(" ", 0);
            Unit unit = new Unit(cells[0], new BigDecimal(cells[1]));
            for (int i = 2; i < cells.length; i++) {
                units.put(cells[i], unit);
            }
        }
        return Map.copyOf(units);
    }
}
