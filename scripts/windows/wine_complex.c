/* What Wine's ucrtbase.dll names and lacks, up to Wine 10: numpy asks for these parts of complex numbers as it is
   loaded. tests/windows/wine.py puts them in place. For tests alone. Microsoft's long double is a double. */

float own_crealf(float _Complex number) { return __real__ number; }
float own_cimagf(float _Complex number) { return __imag__ number; }
double own_creal(double _Complex number) { return __real__ number; }
double own_cimag(double _Complex number) { return __imag__ number; }
